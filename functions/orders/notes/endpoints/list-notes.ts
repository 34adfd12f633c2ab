import { decodeCursor, encodeCursor } from '../../../../shared/runtime/cursor.ts'
import type { Handle } from '../../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../../shared/runtime/serve-staff.ts'
import { openTable } from '../../../../shared/runtime/table.ts'
import { endpoints } from '../../contract.ts'
import { type NotesTable, notesTable } from '../table.ts'

const defaultLimit = 20

/** Nothing is noted on an order that does not exist: staff see an empty list. */
export const listNotes =
  ({ notes }: { notes: Pick<NotesTable, 'list'> }): Handle<typeof endpoints.listNotes> =>
  async ({ params: { orderId }, query: { limit = defaultLimit, cursor } }) => {
    const list = `notes of ${orderId}`
    const page = await notes.list(orderId, limit, decodeCursor(list, cursor, { pk: `order#${orderId}` }))
    return { body: { data: page.notes, next_cursor: page.lastKey ? encodeCursor(list, page.lastKey) : null } }
  }

export const handler = serveStaff(endpoints.listNotes, () => listNotes({ notes: notesTable({ table: openTable() }) }))
