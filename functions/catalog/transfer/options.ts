/** Options that the columns of a format cannot say, as JSON in a column of the shop's own. Pure. */
import { Options } from '../fields.ts'
import { checked, type Report } from './imported.ts'

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export const jsonOptions = (
  cell: string,
  report: Report,
  at: { line: number; sku?: string | undefined },
): Record<string, string> | undefined =>
  cell === '' ? undefined : checked(Options, parsed(cell), report, { ...at, column: 'options as JSON' })
