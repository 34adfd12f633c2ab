/** Says in one sentence why an open shop could not be made ready, and what to do: a stack trace helps nobody there. */
import { join } from 'node:path'
import { StartError } from '../../local/start-error.ts'

/** @param folder where the shop's data and logs are @param fills whether the sample catalogue was to be put in */
export const preparationFailed = (error: unknown, folder: string, fills: boolean): StartError => {
  const reason = (error instanceof Error ? error.message : String(error)).replace(/[.\s]+$/, '')
  const ways = [
    `look into ${join(folder, 'logs')}`,
    ...(fills ? ['leave the samples out with --no-samples'] : []),
    'or forget the data with --fresh',
  ]
  return new StartError(`${reason}; ${ways.join(', ')}`, { cause: error })
}
