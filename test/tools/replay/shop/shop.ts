/** The shop that is replayed against: one of its own in a temporary folder, or one that runs already. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Cloud, startCloud } from '../../../../cdk/local/cloud.ts'
import { prepareAssembly } from '../../../../cdk/operate/start/prepare.ts'
import { ensureStaff, localStaff } from '../../../../cdk/operate/start/staff.ts'
import { stageNamed } from '../../../../cdk/stages.ts'
import { services } from '../../../../functions/services.ts'
import { functionNameOf, kebab } from '../../../../shared/contract/endpoint.ts'
import { tellFailedMessages } from '../../../support/logs.ts'
import { testInstances } from '../../../support/shop.ts'
import type { EventCounts } from '../checking/checks.ts'

/** Processor time since some moment, in milliseconds. */
export type Cpu = {
  /** The functions' worker threads, with what Node does for them in the background. */
  functionsMs: number
  /** The thread that is gateway, bus and queues, and the replay's own client. */
  mainMs: number
}

export type Shop = {
  url: string
  staff: { email: string; password: string }
  /** How long something may not add up yet before it counts. */
  graceMs: number
  /** Resolves when the shop has nothing left to do. */
  settle(): Promise<void>
  /** Undefined where they cannot be seen from outside. */
  events(): EventCounts | undefined
  cpu(): Cpu | undefined
  stop(): Promise<void>
}

/** Their deployed names. */
const consumerNames = new Set(
  services.flatMap(({ name, consumers = {} }) =>
    Object.keys(consumers).map((key) => functionNameOf(stageNamed('dev').prefix, { service: name, name: kebab(key) })),
  ),
)

const consumersByType = (): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  for (const { consumers = {} } of services)
    for (const { on } of Object.values(consumers))
      for (const { type } of on) counts.set(type, (counts.get(type) ?? 0) + 1)
  return counts
}

const eventsOf = (cloud: Cloud): EventCounts => ({
  published: cloud.metrics.events,
  consumersOf: consumersByType(),
  consumers: Object.entries(cloud.deliveries()).flatMap(([name, counts]) =>
    consumerNames.has(name) ? [{ name, ...counts }] : [],
  ),
  queues: Object.entries(cloud.queues()).map(([name, { isDeadLetterQueue, traffic, visible, inFlight, delayed }]) => ({
    name,
    isDeadLetterQueue,
    ...traffic,
    left: visible + inFlight + delayed,
  })),
})

const cpuNow = (): Cpu => {
  const whole = process.cpuUsage()
  const main = process.threadCpuUsage()
  const mainMs = (main.user + main.system) / 1000
  return { functionsMs: (whole.user + whole.system) / 1000 - mainMs, mainMs }
}

const idleTimeoutMs = 300_000

/** A shop in this process, in a folder that goes with it. */
export const startTemporaryShop = async (): Promise<Shop> => {
  const assembly = await prepareAssembly()
  const stateDirectory = await mkdtemp(join(tmpdir(), 'shop-replay-'))
  const remove = () => rm(stateDirectory, { recursive: true, force: true })
  let cloud: Cloud
  try {
    cloud = await startCloud({ assembly, stateDirectory, port: 0, instances: testInstances })
  } catch (error) {
    await remove()
    throw error
  }
  const stop = async (): Promise<void> => {
    tellFailedMessages(cloud)
    await cloud.stop()
    await remove()
  }
  try {
    await ensureStaff(cloud, stageNamed('dev').prefix)
  } catch (error) {
    await stop()
    throw error
  }
  return {
    url: cloud.url,
    staff: localStaff,
    graceMs: 0,
    settle: () => cloud.idle(idleTimeoutMs),
    events: () => eventsOf(cloud),
    cpu: cpuNow,
    stop,
  }
}

/** A shop that runs elsewhere. SHOP_STAFF_EMAIL and SHOP_STAFF_PASSWORD name a staff account other than the local one. */
export const runningShop = (url: string, environment: NodeJS.ProcessEnv = process.env): Shop => ({
  url,
  staff: {
    email: environment.SHOP_STAFF_EMAIL ?? localStaff.email,
    password: environment.SHOP_STAFF_PASSWORD ?? localStaff.password,
  },
  graceMs: 30_000,
  settle: async () => undefined,
  events: () => undefined,
  cpu: () => undefined,
  stop: async () => undefined,
})
