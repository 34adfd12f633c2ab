/** Options that the columns of a format cannot say, as JSON in a column of the shop's own. Pure. */
import * as z from 'zod/mini'
import { optionsOf } from './cells.ts'
import { type At, checked, type Report } from './imported.ts'

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const Texts = z.record(z.string(), z.string())

/** @returns undefined for an empty cell, and, with an error in the report, for one that says no options */
export const jsonOptions = (cell: string, report: Report, at: At): Record<string, string> | undefined => {
  if (cell === '') return undefined
  const given = checked(Texts, parsed(cell), report, { ...at, column: 'options as JSON' })
  return given && optionsOf(Object.entries(given), report, at)
}
