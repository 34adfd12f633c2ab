/**
 * | item or index | pk | sk |
 * |---|---|---|
 * | a message | `order#<orderId>` | `message#<kind>` |
 * | a message on one of its returns or refunds | `order#<orderId>` | `message#<kind>#<returnId or refundId>` |
 * | a message on a new follower | `follower#<followerId>` | `message#new-follower#<followedId>` |
 * | mails of one hour to an address, or of a shopper | `mails#<recipient or shopper>#<hash>#<hour>` | `mails` |
 * | gsi1: a shopper's messages, newest first | `customer#<customerId>` | `<at>#<orderId or followerId>#<kind>` |
 *
 * A message on an order is written once it was mailed, as `sent`; as `sending` where that failed, to be mailed yet; as `withheld`
 * where it was one mail too many. Nothing here holds the address, but by a hash for an hour or two: it comes with what is told.
 */
import { createHash } from 'node:crypto'
import * as z from 'zod/mini'
import { isoTime, now } from '../../shared/runtime/clock.ts'
import { eraseMarkKey, erasureIdIn, isErased } from '../../shared/runtime/erasure.ts'
import { type Item, notThere, type Table } from '../../shared/runtime/table.ts'
import { FollowerMessage, OrderMessage } from './contract.ts'
import { type Counted, forgottenAt, hourOf, mailLimits } from './mail/limits.ts'

const StoredMessage = z.object({ ...OrderMessage.shape, state: z.enum(['sending', 'sent', 'withheld']) })
/** As it is shown: without what only sending it needs. */
export const Listed = z.union([z.object(OrderMessage.shape), z.object(FollowerMessage.shape)])

type StoredMessage = z.infer<typeof StoredMessage>

/** What a message is about: an order, one of its returns, or one of its refunds. */
export type Topic = Pick<StoredMessage, 'kind' | 'orderId' | 'returnId' | 'refundId'>
const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url')

const messageKeyOf = ({ orderId, kind, returnId, refundId }: Topic) => ({
  pk: `order#${orderId}`,
  sk: ['message', kind, returnId ?? refundId].filter((part) => part !== undefined).join('#'),
})

/** Of the message, and of its mail: the same however often it is sent. */
export const idOf = ({ orderId, kind, returnId, refundId }: Topic): string =>
  `${returnId ?? refundId ?? orderId}-${kind}`

/** Where the messages to a customer stand, for the cursors of their list. */
export const customerPartition = (customerId: string) => ({ gsi1pk: `customer#${customerId}` })

export const notificationsTable = (table: Table) => ({
  /** Whether this person was erased, and gets no messages any more. */
  isErased: (customerId: string) => isErased(table, customerId),

  /** The same, and the message as it stands, in one read. */
  async find(customerId: string, topic: Topic): Promise<{ isErased: boolean; known: StoredMessage | undefined }> {
    const items = await table.batchGet([eraseMarkKey(customerId), messageKeyOf(topic)])
    const message = items.find(({ sk }) => sk === messageKeyOf(topic).sk)
    return { isErased: erasureIdIn(items) !== undefined, known: message && StoredMessage.parse(message) }
  },

  /** Keeps its place on the list where it is `known` there. Takes back no `sent`. */
  async record(
    customerId: string,
    message: Topic & Pick<StoredMessage, 'subject'>,
    state: StoredMessage['state'],
    known: StoredMessage | undefined,
  ): Promise<void> {
    const at = known?.at ?? isoTime(now())
    const noted: StoredMessage = { ...message, id: idOf(message), at, state }
    const place = { ...customerPartition(customerId), gsi1sk: `${at}#${message.orderId}#${message.kind}` }
    const put = { ...messageKeyOf(message), ...noted, ...place }
    await table.write([state === 'sending' ? { put, when: notThere, else: 'there' } : { put }])
  },

  /**
   * Takes a place for one mail, of its address and of its shopper, by one conditional write each, side by side.
   * @returns whether both had one
   */
  async takeMailPlace(email: string, customerId: string): Promise<boolean> {
    const names: Record<Counted, string> = { recipient: email, shopper: customerId }
    const hour = hourOf(now())
    const counted = await Promise.all(
      (['recipient', 'shopper'] as const).map((kind) =>
        table.write([
          {
            update: { pk: `mails#${kind}#${hashOf(names[kind])}#${hour}`, sk: 'mails' },
            set: {
              expression: 'SET #mails = if_not_exists(#mails, :zero) + :one, #expiresAt = :expires',
              values: { ':zero': 0, ':one': 1, ':expires': forgottenAt(hour) },
            },
            when: {
              expression: 'attribute_not_exists(#mails) OR #mails < :limit',
              values: { ':limit': mailLimits[kind] },
            },
            else: 'too many',
          },
        ]),
      ),
    )
    return counted.every(({ ok }) => ok)
  },

  /** Writes it once for ever: a user who stops and follows again makes no second message. */
  async recordFollower(followedId: string, followerId: string, subject: string): Promise<void> {
    const at = isoTime(now())
    const kind = 'new-follower'
    await table.write([
      {
        put: {
          pk: `follower#${followerId}`,
          sk: `message#${kind}#${followedId}`,
          ...{ id: `${followerId}-${kind}`, kind, followerId, subject, at },
          ...customerPartition(followedId),
          gsi1sk: `${at}#${followerId}#${kind}`,
        },
        when: notThere,
        else: 'told',
      },
    ])
  },

  async list(customerId: string, limit: number, startKey: Item | undefined) {
    const page = await table.query({ index: 'gsi1', pk: `customer#${customerId}`, backward: true, limit, startKey })
    return { messages: page.items.map((item) => Listed.parse(item)), lastKey: page.lastKey }
  },
})

export type NotificationsTable = ReturnType<typeof notificationsTable>
