import { decodeCursor, defaultLimit, nextCursor } from '../../../../shared/runtime/cursor.ts'
import { serveStaff } from '../../../../shared/runtime/serve-staff.ts'
import { endpoints } from '../../contract.ts'
import * as parts from '../../parts.ts'

/** Nothing is noted on an order that does not exist: staff see an empty list. */
export const handler = serveStaff(
  endpoints.listNotes,
  { notes: parts.notes },
  async function listNotes({ params: { orderId }, query: { limit = defaultLimit, cursor } }, { notes }) {
    const list = `notes of ${orderId}`
    const page = await notes.list(orderId, limit, decodeCursor(list, cursor, { pk: `order#${orderId}` }))
    return { body: { data: page.notes, next_cursor: nextCursor(list, page.lastKey) } }
  },
)
