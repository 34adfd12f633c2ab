import { isoTime, newId, now } from '../../../../shared/runtime/clock.ts'
import { notFound } from '../../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../../shared/runtime/serve-staff.ts'
import { endpoints } from '../../contract.ts'
import * as parts from '../../parts.ts'

export const handler = serveStaff(
  endpoints.addNote,
  { table: parts.table, notes: parts.notes },
  async function addNote({ params: { orderId }, body: { text }, caller, idempotencyKey, replayOf }, { notes }) {
    const location = `/orders/${orderId}/notes`
    if (replayOf) {
      const before = await notes.get(orderId, replayOf)
      return before ? { body: before, location } : notFound('note')
    }
    const note = { id: newId('nte'), text, authorId: caller.id, at: isoTime(now()) }
    return (await notes.add(orderId, note, idempotencyKey)) ? { body: note, location } : notFound('order')
  },
)
