/** What a service holds of a person, put together page by page: the work of its `export-person` procedure. */
import type * as z from 'zod/mini'
import { type ExportPerson, exportLimits } from '../contract/personal-data.ts'
import type { Query } from './table.ts'

/** A record as the person may have it, and its position among those of its kind: sorts as `between` does. */
export type ExportEntry = { at: string; record: Record<string, unknown> }

/** Reads a page of one kind of records. @param after the position that the page before ended at */
export type ReadKind = (userId: string, after: string | undefined) => Promise<{ entries: ExportEntry[]; more: boolean }>

/** Characters of JSON in one page: those of all services together stay below what a function may answer (6 MB). */
const pageCharacters = 300_000

/** The condition on a sort key for all that comes after a position, whatever text that is. */
export const after = (position: string | undefined): NonNullable<Query['sk']> => ({
  between: [position === undefined ? ' ' : `${position} `, '\uffff'],
})

type Page = z.output<ExportPerson['output']>

const isFull = (records: Page['records'], characters: number): boolean =>
  records.length === exportLimits.records || (records.length > 0 && characters > pageCharacters)

/** `orders#2026-11-21T…` -> the kind to go on with, and where in it. Nonsense begins at the beginning. */
const placeOf = (position: string | undefined, names: readonly string[]) => {
  const [name = '', ...within] = (position ?? '').split('#')
  const first = names.indexOf(name)
  return first < 0 ? { first: 0, within: undefined } : { first, within: within.join('#') }
}

/** One kind after the other, in the order given; a page holds at least one record, unless there is none. */
export const exportPage = async (
  { userId, after: position }: z.output<ExportPerson['input']>,
  kinds: Readonly<Record<string, ReadKind>>,
): Promise<Page> => {
  const { first, within } = placeOf(position, Object.keys(kinds))
  const records: Page['records'] = []
  let characters = 0
  for (const [index, [kind, read]] of Object.entries(kinds).slice(first).entries()) {
    let at = index === 0 ? within : undefined
    const { entries, more } = await read(userId, at)
    for (const entry of entries) {
      characters += JSON.stringify(entry.record).length
      if (isFull(records, characters)) return { records, after: `${kind}#${at ?? ''}` }
      records.push({ kind, data: entry.record })
      at = entry.at
    }
    if (more) return { records, after: `${kind}#${at ?? ''}` }
  }
  return { records }
}
