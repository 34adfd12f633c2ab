/** Round trips to the database, counted for the tables of budgets beside the tests of each service. */
import type { DatabaseCall } from './aws.ts'

export type RoundTrips = { readonly reads: number; readonly writes: number }

/** By function, and by what it is asked for where that decides: `place-order: key repeated`. */
export type Budgets = Readonly<Record<string, RoundTrips>>

const isWrite = (operation: string): boolean => /^(Put|Update|Delete|TransactWrite)/.test(operation)

/** @param calls as they were made, or the names of their operations */
export const spent = (calls: readonly (DatabaseCall | string)[]): RoundTrips => {
  const names = calls.map((call) => (typeof call === 'string' ? call : call.operation))
  const writes = names.filter(isWrite).length
  return { reads: names.length - writes, writes }
}
