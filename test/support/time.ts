/** Time as functions under test find it: a machine that does much else may take seconds for what else takes milliseconds. */
import { Socket } from 'node:net'

/** Pauses before another attempt are shorter, and all that gives up a call of AWS or of another function is longer. */
const leastDeadlineMs = 1_000

/** So many times as long: a machine that is so much slower than usual changes no answer. */
const patience = 40

/** The longest that Node's timers wait; asked for more, they do not wait at all. */
const longestMs = 2 ** 31 - 1

const stretched = (delayMs: number): number =>
  delayMs < leastDeadlineMs ? delayMs : Math.min(delayMs * patience, longestMs)

let isStretched = false

/** From now on deadlines of this process's functions are far away: what waits in vain waits for long, and is not asked again. */
export const stretchDeadlines = (): void => {
  if (isStretched) return
  isStretched = true
  const { setTimeout } = globalThis
  const patient = (act: (...args: unknown[]) => void, delayMs = 0, ...args: unknown[]): NodeJS.Timeout =>
    setTimeout(act, stretched(delayMs), ...args)
  Object.defineProperty(globalThis, 'setTimeout', { value: patient, configurable: true, writable: true })
  const setSocketTimeout = Socket.prototype.setTimeout
  Socket.prototype.setTimeout = function (delayMs, act) {
    return setSocketTimeout.call(this, stretched(delayMs), act)
  }
}

/**
 * Lets functions work without the clock moving on: where very many meet at the same items, all have their turn in the end,
 * however long they have to wait for it on this machine.
 */
export const whileTimeStands = async <T>(work: () => Promise<T>): Promise<T> => {
  const { now } = Date
  const atMs = now()
  Date.now = () => atMs
  try {
    return await work()
  } finally {
    Date.now = now
  }
}
