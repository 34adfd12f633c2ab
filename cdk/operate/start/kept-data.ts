/** Checks that a folder's data can be read by this shop, so that it opens with data that fits or says what to do. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StartError } from '../../local/start-error.ts'

/** Grows when keys or attributes change so that what an older shop has stored cannot be read. */
const dataVersion = '1'

const currencyIn = (stateDirectory: string): string => join(stateDirectory, 'currency')
const versionIn = (stateDirectory: string): string => join(stateDirectory, 'data-version')

const textOf = (file: string): string | undefined => (existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined)

/**
 * A shop's data is in one currency for good: prices, carts, orders and payments that are there cannot be read in another.
 * @param currency ISO 4217, as the stage has it
 * @throws StartError where the folder's data is in another, or of a shop that stored it otherwise, with the ways out
 */
export const checkKeptData = (stateDirectory: string, currency: string): void => {
  const kept = textOf(currencyIn(stateDirectory))
  if (kept === undefined) return
  if (textOf(versionIn(stateDirectory)) !== dataVersion)
    throw new StartError(
      `the data in ${stateDirectory} was stored by another version of the shop, which this one cannot read: forget it with --fresh`,
    )
  if (kept !== currency)
    throw new StartError(
      `the data in ${stateDirectory} is in ${kept}, and cdk/stages.ts says ${currency}: set the currency back to ${kept}, or forget the data with --fresh`,
    )
}

/** Keeps in mind what the folder's data is in. */
export const noteKeptData = (stateDirectory: string, currency: string): void => {
  writeFileSync(currencyIn(stateDirectory), `${currency}\n`)
  writeFileSync(versionIn(stateDirectory), `${dataVersion}\n`)
}
