/** Optimistic concurrency: read, decide, write; and once more when another write came in between. */
import { ContentionError } from './errors.ts'

const attempts = 5

/**
 * @param attempt gives `undefined` when its conditional write lost against another
 * @throws ContentionError after five lost attempts
 */
export const retryOnConflict = async <T>(attempt: () => Promise<T | undefined>): Promise<T> => {
  for (let tries = 0; tries < attempts; tries += 1) {
    const outcome = await attempt()
    if (outcome !== undefined) return outcome
  }
  throw new ContentionError('the object is being changed by others')
}
