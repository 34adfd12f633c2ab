import type { Clock, Timer } from './clock.ts'
import type { Instance } from './lambda-instance.ts'

/**
 * So many instances may stand ready, all functions together; where more work at once, none stands idle beside them. Each takes
 * about twenty megabytes, and an order from the cart to its mail needs two dozen.
 */
export const usualWarmLimit = 28

/** An instance that nobody has needed for so long ends. AWS keeps them for some minutes. */
export const idleLimitMs = 20_000

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
 * @param limit how many of them may be there while some wait
 */
export const createWarmInstances = (clock: Clock, living: () => number, limit = usualWarmLimit): WarmInstances => {
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
    timer = clock.after(oldest.sinceMs + idleLimitMs - clock.now(), () => {
      timer = undefined
      for (const { sinceMs } of waiting.values()) if (clock.now() - sinceMs >= idleLimitMs) endOldest()
      arm()
    })
  }

  const makeRoom = (): void => {
    for (let excess = living() - limit; excess > 0 && waiting.size > 0; excess--) endOldest()
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
