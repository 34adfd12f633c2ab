/** Imports as the API shows them. */
import type * as z from 'zod/mini'
import { nextCursor } from '../../../shared/runtime/cursor.ts'
import type { Item } from '../../../shared/runtime/table.ts'
import type { Import as ImportSchema } from './contract.ts'
import type { Entry } from './formats/imported.ts'
import type { Import } from './table.ts'

export const summaryOfImport = (one: Import): Omit<z.input<typeof ImportSchema>, 'report' | 'upload'> => ({
  id: one.id,
  format: one.format,
  dryRun: one.dryRun,
  stock: one.stock ?? false,
  state: one.state,
  reason: one.reason,
  bytes: { read: one.position.offset, total: one.totalBytes ?? null },
  rows: one.rows,
  products: one.products,
  entries: one.entries,
  createdAt: one.createdAt,
  updatedAt: one.updatedAt,
  version: one.version,
})

export const reportList = (importId: string): string => `report of ${importId}`

/** @param page of the report; an import that has just been made has an empty one */
export const answerOfImport = (
  one: Import,
  page: { entries: Entry[]; lastKey: Item | undefined } = { entries: [], lastKey: undefined },
) => ({
  body: {
    ...summaryOfImport(one),
    report: { data: page.entries, next_cursor: nextCursor(reportList(one.id), page.lastKey) },
  },
  version: one.version,
})

export const locationOf = ({ id }: Pick<Import, 'id'>): string => `/imports/${id}`
