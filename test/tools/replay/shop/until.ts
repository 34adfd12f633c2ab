/** Waiting for what the shop finishes by itself. */
import { setTimeout as sleep } from 'node:timers/promises'

/** How long an asynchronous step may take before it counts as stuck. */
export const patienceMs = 60_000

/**
 * Asks again at growing intervals until there is something.
 * @throws Error that says what never came about
 */
export const until = async <T>(what: string, check: () => Promise<T | undefined>): Promise<T> => {
  const endMs = Date.now() + patienceMs
  for (let pauseMs = 20; Date.now() < endMs; pauseMs = Math.min(500, pauseMs * 1.5)) {
    const found = await check()
    if (found !== undefined) return found
    await sleep(pauseMs)
  }
  throw new Error(`${what} did not come about within ${patienceMs / 1000} s`)
}
