import type { NewId } from '../../../../shared/domain/ids.ts'
import { isoTime, type Now, newId, now } from '../../../../shared/runtime/clock.ts'
import { type Handle, notFound } from '../../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../../shared/runtime/serve-staff.ts'
import { openTable } from '../../../../shared/runtime/table.ts'
import { endpoints } from '../../contract.ts'
import { type NotesTable, notesTable } from '../table.ts'

type Dependencies = { notes: Pick<NotesTable, 'add' | 'get'>; now: Now; newId: NewId }

export const addNote =
  ({ notes, now, newId }: Dependencies): Handle<typeof endpoints.addNote> =>
  async ({ params: { orderId }, body: { text }, caller, once, replayOf }) => {
    const location = `/orders/${orderId}/notes`
    if (replayOf) {
      const before = await notes.get(orderId, replayOf)
      return before ? { body: before, location } : notFound('note')
    }
    const note = { id: newId('nte'), text, authorId: caller.id, at: isoTime(now()) }
    return (await notes.add(orderId, note, once)) ? { body: note, location } : notFound('order')
  }

export const handler = serveStaff(
  endpoints.addNote,
  () => addNote({ notes: notesTable({ table: openTable() }), now, newId }),
  openTable,
)
