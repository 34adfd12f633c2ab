/** The part of the contract that is about goods coming back. */
import * as z from 'zod/mini'
import { endpoint } from '../../../shared/contract/endpoint.ts'
import { Id, Money, Quantity, Sku, Text, Timestamp, UserId, Version } from '../../../shared/contract/schema.ts'

const ReturnId = Id('ret')

export const ReturnStatus = z.enum(['requested', 'received', 'withdrawn', 'closed'])

const ReturnLine = z.strictObject({ sku: Sku, quantity: Quantity })

export const Return = z.strictObject({
  id: ReturnId,
  orderId: Id('ord'),
  status: ReturnStatus,
  /** Once it is received: what arrived. */
  lines: z.array(ReturnLine),
  /** What was to come, where less arrived. */
  announced: z.optional(z.array(ReturnLine)),
  /** What was paid for these units, without the shipping; given back once they are received. */
  refund: Money,
  reason: z.optional(z.string()),
  requestedAt: Timestamp,
  receivedAt: z.optional(Timestamp),
  /** When it was withdrawn, or closed because nothing came. */
  endedAt: z.optional(Timestamp),
  /** Shown to staff: who of them requested, received, withdrew or closed it, whichever was last. */
  by: z.optional(UserId),
  version: Version,
})

const ReturnLines = z.array(ReturnLine).check(
  z.minLength(1),
  z.maxLength(100),
  z.refine((lines) => new Set(lines.map(({ sku }) => sku)).size === lines.length, 'Must name each SKU once.'),
)

const returnPath = z.strictObject({ returnId: ReturnId })

export const returnEndpoints = {
  requestReturn: endpoint({
    method: 'POST',
    path: '/orders/{orderId}/returns',
    caller: 'shopper',
    forStaff: true,
    idempotency: 'required',
    summary: 'Send goods of an order of mine back, while it is shipped or delivered; staff do so for any',
    params: z.strictObject({ orderId: Id('ord') }),
    body: z.strictObject({
      lines: ReturnLines,
      reason: z.optional(Text(500)),
    }),
    success: { status: 201, body: Return },
    problems: { NOT_RETURNABLE: 409, RETURN_TOO_LARGE: 409, TOO_MANY_RETURNS: 409 },
    table: ['GetItem', 'PutItem'],
  }),
  readReturn: endpoint({
    method: 'GET',
    path: '/returns/{returnId}',
    caller: 'shopper',
    forStaff: true,
    summary: 'Read a return of mine; staff read any',
    params: returnPath,
    success: { status: 200, body: Return },
    table: ['GetItem'],
  }),
  receiveReturn: endpoint({
    method: 'POST',
    path: '/returns/{returnId}/receive',
    caller: 'staff',
    summary:
      'Note that the goods of a return are back, or which of them are: they are restocked and their price is given back',
    params: returnPath,
    /** What arrived, where that is less than was announced; the rest can be announced anew. */
    body: z.optional(z.strictObject({ lines: z.optional(ReturnLines) })),
    success: { status: 200, body: Return },
    problems: { RETURN_ENDED: 409, NOT_ANNOUNCED: 409 },
    table: ['GetItem', 'PutItem'],
  }),
  withdrawReturn: endpoint({
    method: 'POST',
    path: '/returns/{returnId}/withdraw',
    caller: 'shopper',
    forStaff: true,
    summary: 'Send the goods of a return of mine not back after all, or by another return; staff do so for any',
    params: returnPath,
    success: { status: 200, body: Return },
    problems: { RETURN_RECEIVED: 409 },
    table: ['GetItem', 'PutItem'],
  }),
  closeReturn: endpoint({
    method: 'POST',
    path: '/returns/{returnId}/close',
    caller: 'staff',
    summary: 'Note that the goods of a return never came; they can be returned by another one',
    params: returnPath,
    success: { status: 200, body: Return },
    problems: { RETURN_RECEIVED: 409 },
    table: ['GetItem', 'PutItem'],
  }),
}
