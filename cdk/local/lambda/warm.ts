/** Bounds how many idle instances stay: each takes megabytes, and a laptop has none to spare. */
import type { Clock, Timer } from '../clock.ts'
import type { Instance } from './instance.ts'

/** How many instances of functions there may be, and for how long. */
export type InstanceLimits = {
  /** So many may stand ready, all functions together; where more work at once, none stands idle beside them. */
  warm: number
  /** Milliseconds after which an instance ends that has had no request. */
  idleMs: number
  /** So many of one function; further requests wait. */
  perFunction: number
  /** So many requests at once, all functions together; whoever asks beyond that is turned away. */
  concurrency: number
  /** Milliseconds that a request waits for an instance to come free before another is started for it. */
  waitMs: number
}

/** About what an instance takes of the machine's memory. */
export const instanceBytes = 22_000_000

/**
 * For a laptop. An order from the cart to its mail needs two dozen. AWS keeps them
 * for some minutes, and starts more of one function. A cold start costs more than most requests last, hence the wait.
 */
export const usualLimits: InstanceLimits = {
  warm: 28,
  idleMs: 20_000,
  perFunction: 10,
  concurrency: Number.POSITIVE_INFINITY,
  waitMs: 25,
}

/** Instances that wait for work. */
export type WarmInstances = {
  /** @param leave is called when the instance is ended while it waits */
  add(instance: Instance, leave: () => void): void
  /** It works again, or is gone. */
  remove(instance: Instance): void
  /** Ends those that have waited longest, until no more than the limit of all that live are left or none waits. */
  makeRoom(): void
  stop(): void
}

/**
 * @param living how many instances there are, waiting or not
 * @param limits how many of them may be there while some wait, and how long one waits
 */
export const createWarmInstances = (
  clock: Clock,
  living: () => number,
  limits: Pick<InstanceLimits, 'warm' | 'idleMs'>,
): WarmInstances => {
  /** Longest idle first. */
  const waiting = new Map<Instance, { sinceMs: number; leave: () => void }>()
  let timer: Timer | undefined

  const endOldest = (): void => {
    const [oldest] = waiting
    if (oldest === undefined) return
    const [instance, { leave }] = oldest
    waiting.delete(instance)
    leave()
    void instance.end()
  }

  /** One timer, for the one that has waited longest. */
  const arm = (): void => {
    const [oldest] = waiting.values()
    if (timer !== undefined || oldest === undefined) return
    timer = clock.after(oldest.sinceMs + limits.idleMs - clock.now(), () => {
      timer = undefined
      for (const { sinceMs } of waiting.values()) if (clock.now() - sinceMs >= limits.idleMs) endOldest()
      arm()
    })
  }

  const makeRoom = (): void => {
    for (let excess = living() - limits.warm; excess > 0 && waiting.size > 0; excess--) endOldest()
  }

  return {
    add(instance, leave) {
      waiting.set(instance, { sinceMs: clock.now(), leave })
      makeRoom()
      arm()
    },
    remove: (instance) => void waiting.delete(instance),
    makeRoom,
    stop: () => timer?.cancel(),
  }
}
