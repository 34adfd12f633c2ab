import * as z from 'zod/mini'
import { consumer, endpoint, service } from '../../shared/contract/endpoint.ts'
import { Id, Page, PageQuery, Timestamp } from '../../shared/contract/schema.ts'
import { orderCancelled, orderConfirmed, returnReceived } from '../orders/events.ts'
import { shipmentDispatched } from '../shipping/events.ts'

export const MessageKind = z.enum(['order-confirmed', 'order-cancelled', 'order-dispatched', 'return-received'])

export const Notification = z.strictObject({
  id: z.string(),
  kind: MessageKind,
  orderId: Id('ord'),
  /** Which of the order's returns it is about. */
  returnId: z.optional(Id('ret')),
  subject: z.string(),
  at: Timestamp,
})

export const endpoints = {
  listNotifications: endpoint({
    method: 'GET',
    path: '/me/notifications',
    caller: 'shopper',
    summary: 'List what the shop has told me, newest first',
    query: z.strictObject(PageQuery),
    success: { status: 200, body: Page(Notification) },
    table: ['Query'],
  }),
}

const writes = ['GetItem', 'PutItem', 'UpdateItem'] as const

/** Short, so that a mail that is ahead of what it needs to know comes again after a minute. */
const timeoutSeconds = 10

export const consumers = {
  tellOfOrder: consumer({
    on: [orderConfirmed, orderCancelled],
    summary: 'Mail the confirmation or the cancellation of an order',
    table: writes,
    uses: ['mail'],
    timeoutSeconds,
  }),
  tellOfDispatch: consumer({
    on: [shipmentDispatched],
    summary: 'Mail that an order is on its way',
    table: writes,
    uses: ['mail'],
    timeoutSeconds,
  }),
  tellOfReturn: consumer({
    on: [returnReceived],
    summary: 'Mail that goods which were sent back have arrived, and what is given back for them',
    table: writes,
    uses: ['mail'],
    timeoutSeconds,
  }),
}

export const notifications = service({
  name: 'notifications',
  summary: 'mail to shoppers about their orders',
  table: { indexes: 1 },
  endpoints,
  consumers,
})
