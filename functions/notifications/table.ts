/**
 * | item or index | pk | sk |
 * |---|---|---|
 * | whom an order's mails go to, kept 120 days | `order#<orderId>` | `recipient` |
 * | a message | `order#<orderId>` | `message#<kind>` |
 * | a message on one of its returns | `order#<orderId>` | `message#<kind>#<returnId>` |
 * | a message on a new follower | `follower#<followerId>` | `message#new-follower#<followedId>` |
 * | gsi1: whom a shopper's mails go to, by order (person-table.ts) | `recipient#<customerId>` | `<orderId>` |
 * | gsi1: a shopper's messages, newest first | `customer#<customerId>` | `<at>#<orderId or followerId>#<kind>` |
 *
 * A message on an order is written as `sending`, then mailed, then noted as `sent`: a crash in between leads to a second mail with the
 * same Message-ID, never to none.
 */
import * as z from 'zod/mini'
import { nobody } from '../../shared/domain/nobody.ts'
import { isoTime, type Now } from '../../shared/runtime/clock.ts'
import { isErased } from '../../shared/runtime/erasure.ts'
import { type Item, notThere, type Table } from '../../shared/runtime/table.ts'
import { FollowerMessage, OrderMessage } from './contract.ts'

export const StoredRecipient = z.object({ customerId: z.string(), number: z.string(), email: z.optional(z.string()) })
const StoredMessage = z.object({ ...OrderMessage.shape, state: z.enum(['sending', 'sent']) })
/** As it is shown: without what only sending it needs. */
export const Listed = z.union([z.object(OrderMessage.shape), z.object(FollowerMessage.shape)])

export type Recipient = z.infer<typeof StoredRecipient>
type StoredMessage = z.infer<typeof StoredMessage>

const keptSeconds = 120 * 24 * 60 * 60

const recipientKeyOf = (orderId: string) => ({ pk: `order#${orderId}`, sk: 'recipient' })
/** What a message is about: an order, or one of its returns. */
export type Topic = Pick<StoredMessage, 'kind' | 'orderId' | 'returnId'>

const messageKeyOf = ({ orderId, kind, returnId }: Topic) => ({
  pk: `order#${orderId}`,
  sk: `message#${kind}${returnId === undefined ? '' : `#${returnId}`}`,
})

export const notificationsTable = ({ table, now }: { table: Table; now: Now }) => ({
  async getRecipient(orderId: string): Promise<Recipient | undefined> {
    const item = await table.get(recipientKeyOf(orderId))
    return item && StoredRecipient.parse(item)
  },

  async keepRecipient(orderId: string, recipient: Recipient): Promise<void> {
    const expiresAt = Math.floor(now() / 1000) + keptSeconds
    const owner =
      recipient.customerId === nobody ? {} : { gsi1pk: `recipient#${recipient.customerId}`, gsi1sk: orderId }
    await table.write([{ put: { ...recipientKeyOf(orderId), ...recipient, ...owner, expiresAt }, when: notThere }])
  },

  /** Whether this person was erased, and is told nothing any more. */
  isErased: (customerId: string) => isErased(table, customerId),

  /** @returns the message as it was begun, now or before: the first writing of it counts */
  async begin(customerId: string, message: Topic & Pick<StoredMessage, 'subject'>): Promise<StoredMessage> {
    const { orderId, kind, returnId = orderId } = message
    const begun: StoredMessage = { ...message, id: `${returnId}-${kind}`, at: isoTime(now()), state: 'sending' }
    const written = await table.write([
      {
        put: {
          ...messageKeyOf(message),
          ...begun,
          gsi1pk: `customer#${customerId}`,
          gsi1sk: `${begun.at}#${orderId}#${kind}`,
        },
        when: notThere,
      },
    ])
    return written.ok || !written.item ? begun : StoredMessage.parse(written.item)
  },

  async markSent(topic: Topic): Promise<void> {
    await table.write([
      { update: messageKeyOf(topic), set: { expression: 'SET #state = :sent', values: { ':sent': 'sent' } } },
    ])
  },

  /** The first writing of it counts: whoever follows, stops and follows again is told of once, for ever. */
  async noteFollower(followedId: string, followerId: string, subject: string): Promise<void> {
    const at = isoTime(now())
    const kind = 'new-follower'
    await table.write([
      {
        put: {
          pk: `follower#${followerId}`,
          sk: `message#${kind}#${followedId}`,
          ...{ id: `${followerId}-${kind}`, kind, followerId, subject, at },
          gsi1pk: `customer#${followedId}`,
          gsi1sk: `${at}#${followerId}#${kind}`,
        },
        when: notThere,
      },
    ])
  },

  async list(customerId: string, limit: number, startKey: Item | undefined) {
    const page = await table.query({ index: 'gsi1', pk: `customer#${customerId}`, backward: true, limit, startKey })
    return { messages: page.items.map((item) => Listed.parse(item)), lastKey: page.lastKey }
  },
})

export type NotificationsTable = ReturnType<typeof notificationsTable>
