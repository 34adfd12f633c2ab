import type { Clock, Timer } from '../clock.ts'
import type { Bucket } from './buckets.ts'

const sweepEveryMs = 3_600_000

/** Deletes, every hour, what the buckets' lifecycle rules have let expire. */
export const startExpiry = (buckets: readonly Bucket[], clock: Clock): Timer => {
  const next = (): Timer =>
    clock.after(sweepEveryMs, () => {
      for (const { objects, isExpired } of buckets)
        for (const object of objects.all()) if (isExpired(object, clock.now())) objects.remove(object.key)
      timer = next()
    })
  let timer = next()
  return { cancel: () => timer.cancel() }
}
