/** Staff's notes: items of their own beside the order, so that they neither grow it nor change its version. */
import * as z from 'zod/mini'
import type { IdempotencyKey } from '../../../shared/runtime/idempotency.ts'
import { type Item, isThere, notThere, type Table } from '../../../shared/runtime/table.ts'
import { Note as NoteSchema } from './contract.ts'

const StoredNote = z.object(NoteSchema.shape)
export type Note = z.infer<typeof StoredNote>

const noteKeyOf = (orderId: string, noteId: string) => ({ pk: `order#${orderId}`, sk: `note#${noteId}` })

export const notesTable = (table: Table) => ({
  /** Writes a note with its idempotency key in one transaction. @returns false without such an order @throws AlreadyDoneError */
  async add(orderId: string, note: Note, idempotencyKey: IdempotencyKey | undefined): Promise<boolean> {
    const order = { pk: `order#${orderId}`, sk: 'order' }
    const written = await table.write(
      [
        { put: { ...noteKeyOf(orderId, note.id), ...note }, when: notThere, else: 'there' },
        { check: order, when: isThere, else: 'no order' },
      ],
      { idempotencyKey, resource: note.id },
    )
    return written.ok
  },

  async get(orderId: string, noteId: string): Promise<Note | undefined> {
    const item = await table.get(noteKeyOf(orderId, noteId))
    return item && StoredNote.parse(item)
  },

  /** Page after page, whatever their number; what was removed before is not found again. */
  async removeAll(orderId: string): Promise<void> {
    let startKey: Item | undefined
    do {
      const page = await table.query({ pk: `order#${orderId}`, sk: { beginsWith: 'note#' }, limit: 25, startKey })
      await Promise.all(page.items.map(({ pk, sk }) => table.write([{ delete: { pk: String(pk), sk: String(sk) } }])))
      startKey = page.lastKey
    } while (startKey)
  },

  async list(orderId: string, limit: number, startKey: Item | undefined) {
    const page = await table.query({
      pk: `order#${orderId}`,
      sk: { beginsWith: 'note#' },
      backward: true,
      limit,
      startKey,
    })
    return { notes: page.items.map((item) => StoredNote.parse(item)), lastKey: page.lastKey }
  },
})

export type NotesTable = ReturnType<typeof notesTable>
