/** The part of the contract that is about what staff note on an order. */
import * as z from 'zod/mini'
import { endpoint } from '../../../shared/contract/endpoint.ts'
import { Id, Page, PageQuery, Text, Timestamp, UserId } from '../../../shared/contract/schema.ts'

export const Note = z.strictObject({
  id: Id('nte'),
  text: z.string(),
  /** Who of the staff wrote it. */
  authorId: UserId,
  at: Timestamp,
})

const orderPath = z.strictObject({ orderId: Id('ord') })

export const noteEndpoints = {
  addNote: endpoint({
    method: 'POST',
    path: '/orders/{orderId}/notes',
    caller: 'staff',
    idempotency: 'honoured',
    summary: 'Note something on an order, for staff only',
    params: orderPath,
    body: z.strictObject({ text: Text(2000) }),
    success: { status: 201, body: Note },
    table: ['GetItem', 'PutItem', 'ConditionCheckItem'],
  }),
  listNotes: endpoint({
    method: 'GET',
    path: '/orders/{orderId}/notes',
    caller: 'staff',
    summary: 'List what staff noted on an order, newest first',
    params: orderPath,
    query: z.strictObject(PageQuery),
    success: { status: 200, body: Page(Note) },
    table: ['Query'],
  }),
}
