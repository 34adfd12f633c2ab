import * as z from 'zod/mini'
import { consumer, endpoint, service } from '../../shared/contract/endpoint.ts'
import { metric } from '../../shared/contract/metric.ts'
import { Id, Page, PageQuery, Timestamp, UserId } from '../../shared/contract/schema.ts'
import { userErasureRequested } from '../published/identity.ts'
import { exportPerson, personErased } from '../published/notifications.ts'
import { findRecipient, orderCancelled, orderConfirmed, returnReceived } from '../published/orders.ts'
import { paymentRefunded } from '../published/payments.ts'
import { userFollowed } from '../published/relations.ts'
import { shipmentDispatched } from '../published/shipping.ts'

export const MessageKind = z.enum([
  'order-confirmed',
  'order-cancelled',
  'order-dispatched',
  'return-received',
  'refunded',
])

const common = { id: z.string(), subject: z.string(), at: Timestamp }

/** On an order: listed, and mailed. */
export const OrderMessage = z.strictObject({
  ...common,
  kind: MessageKind,
  orderId: Id('ord'),
  /** Which of the order's returns it is about. */
  returnId: z.optional(Id('ret')),
  /** Which of the refunds by staff. */
  refundId: z.optional(z.string()),
})

/** That someone new follows me: listed only. */
export const FollowerMessage = z.strictObject({ ...common, kind: z.literal('new-follower'), followerId: UserId })

export const Notification = z.union([OrderMessage, FollowerMessage])

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

const notifying = ['BatchGetItem', 'PutItem', 'UpdateItem'] as const

/** Short, so that a mail that could not be sent comes again after a minute. */
const timeoutSeconds = 10

export const consumers = {
  notifyOfOrder: consumer({
    on: [orderConfirmed, orderCancelled],
    summary: 'Mail the confirmation or the cancellation of an order',
    table: notifying,
    uses: ['mail'],
    timeoutSeconds,
  }),
  notifyOfDispatch: consumer({
    on: [shipmentDispatched],
    summary: 'Mail that an order is on its way',
    table: notifying,
    uses: ['mail'],
    timeoutSeconds,
  }),
  notifyOfReturn: consumer({
    on: [returnReceived],
    summary: 'Mail that goods which were sent back have arrived, and what is given back for them',
    table: notifying,
    uses: ['mail'],
    timeoutSeconds,
  }),
  notifyOfRefund: consumer({
    on: [paymentRefunded],
    summary: 'Mail what staff gave back of an order',
    calls: [findRecipient],
    table: notifying,
    uses: ['mail'],
    timeoutSeconds,
  }),
  notifyOfFollow: consumer({
    on: [userFollowed],
    summary: 'Tell a user of each new follower, once',
    table: ['GetItem', 'PutItem'],
  }),
  erasePerson: consumer({
    on: [userErasureRequested],
    summary: 'Delete what a person was told, once none of their orders is under way',
    table: ['PutItem', 'DeleteItem', 'Query'],
  }),
}

export const metrics = {
  mailsWithheld: metric({
    name: 'MailsWithheld',
    summary: 'Mails not sent, since their address, or the shopper they are of, had too many within the hour',
  }),
}

export const procedures = { exportPerson }
export const events = { personErased }

export const notifications = service({
  name: 'notifications',
  summary: 'what the shop tells shoppers, on their list and by mail',
  personalData: {
    held: 'what someone was told, and others of them; for an hour or two, by a hash, how many mails an address got',
  },
  table: { indexes: 1 },
  endpoints,
  procedures,
  consumers,
  events,
  metrics,
})
