/** How often something may be tried: passwords above all. Pure. */

/** Attempts of one account, device or network. Each takes a place before it is looked at. */
export type Attempts = {
  taken: number
  /** Milliseconds since the epoch: until then no place is free again. */
  windowEndsMs: number
  /** Windows in a row that were used up: each makes the next longer. */
  fullWindows: number
}

/** Milliseconds. With its doublings a window lasts an hour at most. */
const windowMs = 15 * 60_000
const maxDoublings = 2

/**
 * Failures in one window, by what they are counted for. Passwords of one account from one network, or from a device that has
 * logged in to it before, which strangers cannot use up; of any account from one network; of one account from everywhere but
 * its known devices, against guesses from many networks; addresses that turned out to be taken, from one network.
 */
export const attemptLimits = {
  'account-network': 10,
  'account-device': 10,
  network: 50,
  account: 100,
  registration: 20,
} as const

/** The first attempt of a new window. @param before the window that is over, if any */
export const newWindow = (before: Attempts | undefined, limit: number, nowMs: number): Attempts => {
  const fullWindows = before && before.taken >= limit ? before.fullWindows + 1 : 0
  return { taken: 1, windowEndsMs: nowMs + windowMs * 2 ** Math.min(fullWindows, maxDoublings), fullWindows }
}
