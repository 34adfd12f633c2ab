/** What an action uses of AWS: plain numbers, and what is computed from them. */
import { assumptions, monthly, prices, provisionedHourly } from './prices.ts'

/** Counted or measured while the action is done. */
export type Measured = {
  apiRequests: number
  answerBytes: number
  invocations: number
  /** Milliseconds of processor that functions took. */
  cpuMs: number
  /** Milliseconds that functions waited for other services, by how long those usually take. */
  waitMs: number
  readUnits: number
  writeUnits: number
  events: number
  /** Put into queues, by the bus or by functions. */
  messages: number
  /** Invocations by a queue. */
  batches: number
  logBytes: number
  signatures: number
  mails: number
}

export type Billed = Record<keyof typeof prices, number>

const keysOf = <T extends object>(value: T) => Object.keys(value) as (keyof T)[]

const mapped = <T extends Record<string, number>>(value: T, to: (key: keyof T) => number): T =>
  // Each key gets a number again.
  Object.fromEntries(keysOf(value).map((key) => [key, to(key)])) as T

/** Nothing of anything. */
export const unused: Measured = {
  apiRequests: 0,
  answerBytes: 0,
  invocations: 0,
  cpuMs: 0,
  waitMs: 0,
  readUnits: 0,
  writeUnits: 0,
  events: 0,
  messages: 0,
  batches: 0,
  logBytes: 0,
  signatures: 0,
  mails: 0,
}

export const minus = (after: Measured, before: Measured): Measured => mapped(after, (key) => after[key] - before[key])

/** The middle one of several rounds, number by number. */
export const medianOf = (rounds: readonly [Measured, ...Measured[]]): Measured =>
  mapped(
    rounds[0],
    (key) => rounds.map((round) => round[key]).toSorted((a, b) => a - b)[Math.floor(rounds.length / 2)] ?? Number.NaN,
  )

/** How busy the functions of an action are: what is the same for each in a full shop is not in an empty one. */
export type Level = {
  /** Part of its requests that X-Ray records, and with each all that follows. */
  tracedShare: number
  /** Part of its invocations for which an instance must start. */
  coldShare: number
}

/** A busy shop that records who asks for it. */
export const busy: Level = { tracedShare: 0, coldShare: 0 }

/** Of requests that come by chance, so many a second to a function: the first of each second, and some of the others. */
export const tracedShareAt = (perSecond: number): number => {
  const first = 1 - Math.exp(-perSecond)
  return perSecond === 0 ? 1 : (first + assumptions.tracedShareOfOthers * (perSecond - first)) / perSecond
}

/** Of invocations that come by chance, those before which nobody came for so long that no instance is left. */
export const coldShareAt = (perSecond: number): number => Math.exp(-perSecond * assumptions.keptWarmSeconds)

/** A message costs a request to be sent; a batch one to be received and one to be deleted. */
const requestsOf = ({ messages, batches }: Measured): number => messages + 2 * batches

export const billed = (measured: Measured, { tracedShare, coldShare }: Level = busy): Billed => ({
  apiRequests: measured.apiRequests,
  bytesOut: measured.answerBytes + measured.apiRequests * assumptions.headerBytes,
  invocations: measured.invocations,
  megabyteMs:
    measured.cpuMs * assumptions.wholeProcessorMegabytes +
    // An invocation is billed by whole milliseconds.
    (measured.waitMs + measured.invocations * (0.5 + coldShare * assumptions.initMs)) * assumptions.waitingMegabytes,
  writeUnits: measured.writeUnits,
  readUnits: measured.readUnits,
  events: measured.events,
  queueRequests: requestsOf(measured),
  // Lambda adds no lines of its own: functions ask it for warnings only.
  logBytes: measured.logBytes,
  // A request's calls belong to its trace; each batch of its messages has one of its own, linked with it.
  traces: (measured.apiRequests + measured.batches) * tracedShare,
  signatures: measured.signatures,
  mails: measured.mails,
})

/** Dollars for a million such actions, item by item. */
export const dollars = (use: Billed): Billed => mapped(use, (item) => use[item] * prices[item].perMillion)

/** So often this, so often that. */
export const together = (parts: readonly (readonly [times: number, costs: Billed])[]): Billed =>
  mapped(dollars(nothing), (item) => parts.reduce((sum, [times, costs]) => sum + times * costs[item], 0))

/** The same where capacity stands ready and follows the load: all but reads and writes costs what it did. */
export const provisioned = (costs: Billed): Billed => {
  const perMillion = (hourly: number) => (hourly / 3_600 / assumptions.usedShare) * 1e6
  const { writeUnits, readUnits } = costs
  return {
    ...costs,
    writeUnits: (writeUnits / prices.writeUnits.perMillion) * perMillion(provisionedHourly.writeUnits),
    readUnits: (readUnits / prices.readUnits.perMillion) * perMillion(provisionedHourly.readUnits),
  }
}

export const nothing: Billed = mapped<Billed>(
  {
    apiRequests: 0,
    bytesOut: 0,
    invocations: 0,
    megabyteMs: 0,
    writeUnits: 0,
    readUnits: 0,
    events: 0,
    queueRequests: 0,
    logBytes: 0,
    traces: 0,
    signatures: 0,
    mails: 0,
  },
  () => 0,
)

/** Mails apart: they cost more than all the rest, and any provider can send them. */
export const totalOf = ({ mails, ...others }: Billed): number =>
  Object.values(others).reduce((sum, amount) => sum + amount, 0)

/** What the shape of the shop alone costs: requests at the gateway, events, and their messages on the way to each consumer. */
export const floorOf = ({ apiRequests, events, messages }: Measured): number =>
  apiRequests * prices.apiRequests.perMillion +
  events * prices.events.perMillion +
  messages * prices.queueRequests.perMillion

/** The items that cost most, first the greatest. */
export const largest = (costs: Billed, count: number): (keyof Billed)[] =>
  keysOf(costs)
    .filter((item) => item !== 'mails' && costs[item] > 0)
    .toSorted((a, b) => costs[b] - costs[a])
    .slice(0, count)

/** A month of what stands there: dollars by what it is. @param counts resources by type */
export const standing = (counts: ReadonlyMap<string, number>) =>
  keysOf(monthly).map((type) => ({
    label: monthly[type].label,
    count: counts.get(type) ?? 0,
    dollars: (counts.get(type) ?? 0) * monthly[type].dollars,
  }))
