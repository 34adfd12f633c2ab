/** A local shop that says what each action uses: the real functions, queues and bus, and a database that counts units. */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Clock, type Cloud, systemClock } from '../../../cdk/local/cloud.ts'
import { idlePatienceMs, openLocalShop, type Shop } from '../../support/shop.ts'
import { startMeteredEngine, type Units } from './metered-engine.ts'
import { assumptions } from './prices.ts'
import { type Measured, minus } from './usage.ts'

/** Schedules, which belong to no action, run every minute at most: the timers that are so long at the start. */
const scheduleMs = 45_000

/** Batching windows pass so much faster, and are still long against what happens within them. */
const haste = 4

/** Runs no schedules; `started` ends the time in which they are set. */
const unscheduledClock = (): Clock & { started(): void } => {
  let isStarting = true
  return {
    now: systemClock.now,
    after: (delayMs, action) =>
      isStarting && delayMs > scheduleMs ? { cancel: () => undefined } : systemClock.after(delayMs / haste, action),
    started() {
      isStarting = false
    },
  }
}

const waitOf = (action: string): number =>
  Object.entries(assumptions.waitMs).find(([beginning]) => action.startsWith(beginning))?.[1] ?? 0

const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0)

const bytesIn = (directory: string): number =>
  sum(readdirSync(directory).map((name) => statSync(join(directory, name)).size))

const readMeter = (cloud: Cloud, units: Units) => {
  const queues = Object.entries(cloud.queues()).filter(([, { isDeadLetterQueue }]) => !isDeadLetterQueue)
  // A mail asks for permission twice more: of its sender's address, and of that one's domain.
  const uses = Object.values(cloud.usedActions())
    .flat()
    .filter(({ resource }) => !resource.includes(':identity/'))
  const timesOf = (beginning: string) =>
    sum(uses.filter(({ action }) => action.startsWith(beginning)).map(({ times }) => times))
  const [all, main] = [process.cpuUsage(), process.threadCpuUsage()]
  return {
    invocations: sum(cloud.metrics.invocations.values()),
    // This thread is the cloud itself, which stands for AWS, and the client; all others are the functions'.
    cpuMs: (all.user + all.system - main.user - main.system) / 1_000,
    waitMs: sum(uses.map(({ action, times }) => times * waitOf(action))),
    ...units,
    events: sum(cloud.metrics.events.values()),
    messages: sum(queues.map(([, { traffic }]) => traffic.sent)),
    // A queue is called as the function that works it off.
    batches: sum(queues.map(([name]) => cloud.metrics.invocations.get(name) ?? 0)),
    logBytes: bytesIn(cloud.logsDirectory),
    signatures: timesOf('kms:Sign'),
    mails: timesOf('ses:Send'),
  }
}

/** What is used, by who uses it: invocations and log bytes by function, units by table and index, events by type. */
export type Detail = ReadonlyMap<string, number>

const readDetail = (cloud: Cloud, byPlace: Detail): Detail =>
  new Map([
    ...byPlace,
    ...[...cloud.metrics.events].map(([type, times]) => [`events ${type}`, times] as const),
    ...[...cloud.metrics.invocations].map(([name, times]) => [`invocations ${name}`, times] as const),
    ...readdirSync(cloud.logsDirectory).map(
      (name) => [`logBytes ${name.replace(/\.\w+$/, '')}`, statSync(join(cloud.logsDirectory, name)).size] as const,
    ),
  ])

export type MeteredShop = Shop & {
  /** What an action uses, until all that follows from it is done. */
  measure(action: () => Promise<void>): Promise<Measured>
  /** All that was used so far. */
  detail: () => Detail
}

export const openMeteredShop = async (): Promise<MeteredShop> => {
  const directory = mkdtempSync(join(tmpdir(), 'shop-cost-'))
  const engine = await startMeteredEngine(join(directory, 'tables.sqlite'))
  const variable = 'SHOP_DYNAMODB_ENDPOINT'
  const before = process.env[variable]
  process.env[variable] = engine.url
  const clock = unscheduledClock()
  const shop = await openLocalShop(clock).finally(() => {
    if (before === undefined) delete process.env[variable]
    else process.env[variable] = before
  })
  clock.started()
  const { cloud } = shop
  const asked = { apiRequests: 0, answerBytes: 0 }
  const meter = (): Measured => ({ ...asked, ...readMeter(cloud, engine.units()) })
  return {
    ...shop,
    async request(route, ...parts) {
      const answer = await shop.request(route, ...parts)
      asked.apiRequests += 1
      asked.answerBytes += Buffer.byteLength(JSON.stringify(answer.ok ? answer.body : answer.problem) ?? '')
      return answer
    },
    detail: () => readDetail(cloud, engine.byPlace()),
    async measure(action) {
      await cloud.idle(idlePatienceMs)
      const start = meter()
      await action()
      await cloud.idle(idlePatienceMs)
      return minus(meter(), start)
    },
    async stop() {
      await shop.stop()
      await engine.stop()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
