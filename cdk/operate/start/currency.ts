/** A shop's data is in one currency for good: prices, carts, orders and payments that are there cannot be read in another. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StartError } from '../../local/start-error.ts'

const noteIn = (stateDirectory: string): string => join(stateDirectory, 'currency')

/**
 * @param currency ISO 4217, as the stage has it
 * @throws StartError where the folder's data is in another, with the two ways out
 */
export const checkCurrency = (stateDirectory: string, currency: string): void => {
  const note = noteIn(stateDirectory)
  const kept = existsSync(note) ? readFileSync(note, 'utf8').trim() : currency
  if (kept !== currency)
    throw new StartError(
      `the data in ${stateDirectory} is in ${kept}, and cdk/stages.ts says ${currency}: set the currency back to ${kept}, or forget the data with --fresh`,
    )
}

/** Keeps in mind what the folder's data is in. */
export const noteCurrency = (stateDirectory: string, currency: string): void =>
  writeFileSync(noteIn(stateDirectory), `${currency}\n`)
