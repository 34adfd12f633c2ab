/** Work on many things of which each stands for itself, as sweeps do it. */
import { asError } from './errors.ts'
import { logger } from './observability.ts'

/**
 * Works on one id after the other; one that fails does not stop the rest.
 * @throws AggregateError in the end, when some have failed: the run shows as failed
 */
export const forEachId = async (ids: readonly string[], work: (id: string) => Promise<void>): Promise<void> => {
  const errors: unknown[] = []
  for (const id of ids)
    try {
      await work(id)
    } catch (error) {
      logger.error('one of many failed', { id, error: asError(error) })
      errors.push(error)
    }
  if (errors.length > 0) throw new AggregateError(errors, `${errors.length} of ${ids.length} failed`)
}
