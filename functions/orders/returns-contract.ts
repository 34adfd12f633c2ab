/** The part of the contract that is about goods coming back. */
import * as z from 'zod/mini'
import { endpoint } from '../../shared/contract/endpoint.ts'
import { Id, Money, Quantity, Sku, Text, Timestamp, Version } from '../../shared/contract/schema.ts'

const ReturnId = Id('ret')

export const ReturnStatus = z.enum(['requested', 'received'])

const ReturnLine = z.strictObject({ sku: Sku, quantity: Quantity })

export const Return = z.strictObject({
  id: ReturnId,
  orderId: Id('ord'),
  status: ReturnStatus,
  lines: z.array(ReturnLine),
  /** What was paid for these units, without the shipping; given back once they are received. */
  refund: Money,
  reason: z.optional(z.string()),
  requestedAt: Timestamp,
  receivedAt: z.optional(Timestamp),
  version: Version,
})

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
      lines: z.array(ReturnLine).check(
        z.minLength(1),
        z.maxLength(100),
        z.refine((lines) => new Set(lines.map(({ sku }) => sku)).size === lines.length, 'Must name each SKU once.'),
      ),
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
    summary: 'Note that the goods of a return are back: they are restocked and their price is given back',
    params: returnPath,
    success: { status: 200, body: Return },
    table: ['GetItem', 'PutItem'],
  }),
}
