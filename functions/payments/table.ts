/**
 * | item | pk | sk |
 * |---|---|---|
 * | an order's payment | `payment#<orderId>` | `payment` |
 * | what the provider keeps of an order | `<provider>#<orderId>` | its own |
 * | a provider event that has been seen, kept 30 days | `provider-event#<provider>#<eventId>` | `seen` |
 * | gsi1, keys only: payments for which something is due; others are not in it | `due#<0..3>` | `<dueAt>#<orderId>` |
 * | gsi2, keys only: someone's payments | `person#<customerId>` | `<orderId>` |
 *
 * A payment holds its journal, so a step, its events and what it moved are one write of one item, of less than a kilobyte
 * until something is given back. A transaction only adds what makes a request or a report one: its key, its id.
 */
import * as z from 'zod/mini'
import { isoTime, now } from '../../shared/runtime/clock.ts'
import { dueKeys, listDue } from '../../shared/runtime/due-index.ts'
import type { IdempotencyKey } from '../../shared/runtime/idempotency.ts'
import { type NewEvent, nextVersion } from '../../shared/runtime/outbox.ts'
import { ownerIndex, ownerKeys, ownerOf } from '../../shared/runtime/owner-index.ts'
import { type Key, notThere, type Table, versionIs } from '../../shared/runtime/table.ts'
import { RefundSource } from '../published/payments.ts'
import { dueStep, type Payment } from './domain.ts'
import { LedgerEntry, PaymentStatus } from './schema.ts'

const StoredEntry = z.object({
  step: z.string(),
  at: z.string(),
  postings: z.array(z.object({ account: LedgerEntry.shape.account, amountMinor: z.int() })),
})

const StoredPayment = z.object({
  orderId: z.string(),
  customerId: z.string(),
  method: z.string(),
  currency: z.string(),
  totalMinor: z.int(),
  status: PaymentStatus,
  declineCode: z.optional(z.string()),
  capturedMinor: z.int(),
  refunds: z.array(
    z.object({
      id: z.string(),
      source: RefundSource,
      amountMinor: z.int(),
      reason: z.string(),
      done: z.boolean(),
      lines: z.optional(z.array(z.object({ sku: z.string(), units: z.optional(z.int()), amountMinor: z.int() }))),
      shippingMinor: z.optional(z.int()),
      by: z.optional(z.string()),
    }),
  ),
  journal: z.array(StoredEntry),
  requested: z.object({ cancel: z.boolean(), capture: z.boolean() }),
  capturedBy: z.optional(z.string()),
  version: z.int(),
  sequence: z.int(),
})

const partitionOf = (orderId: string): string => `payment#${orderId}`
const keyOf = (orderId: string) => ({ pk: partitionOf(orderId), sk: 'payment' })
const seenKeyOf = (provider: string, eventId: string) => ({ pk: `provider-event#${provider}#${eventId}`, sk: 'seen' })

/** What is due is done at once, by whoever makes it due. After so long nobody else will. Milliseconds. */
const stuckAfterMs = 5 * 60_000

/**
 * A payment that is new does not stand there: most are authorized at once. Where the provider did not answer, it is written
 * once more. Where its function ended before that, its message comes again; and at its deadline the order undoes it.
 */
const dueAtOf = (payment: Payment, nowMs: number): string | undefined =>
  payment.version > 0 && dueStep(payment) ? isoTime(nowMs + stuckAfterMs) : undefined

const seenForSeconds = 30 * 24 * 60 * 60

/** The report that led to a change: its id means something beside its provider only. */
export type ProviderEvent = { provider: string; id: string }

/** What rides in the write that changes a payment. */
export type WriteExtras = {
  newEvents?: readonly NewEvent[]
  idempotencyKey?: IdempotencyKey | undefined
  providerEvent?: ProviderEvent | undefined
}

export const paymentsTable = (table: Table) => ({
  async get(orderId: string): Promise<Payment | undefined> {
    const item = await table.get(keyOf(orderId))
    return item && StoredPayment.parse(item)
  },

  /**
   * Writes the payment's next version with all that rides along. @returns undefined when another change came first
   * @throws AlreadyDoneError
   */
  async save(
    payment: Payment,
    { newEvents = [], idempotencyKey, providerEvent }: WriteExtras = {},
  ): Promise<Payment | undefined> {
    const item = {
      ...keyOf(payment.orderId),
      ...payment,
      ...dueKeys('gsi1', 'due', payment.orderId, dueAtOf(payment, now())),
      ...ownerKeys('gsi2', payment.customerId, payment.orderId),
      ...nextVersion(payment.orderId, payment, newEvents),
    }
    const seen = providerEvent && {
      put: {
        ...seenKeyOf(providerEvent.provider, providerEvent.id),
        expiresAt: Math.floor(now() / 1000) + seenForSeconds,
      },
      when: notThere,
      else: 'seen' as const,
    }
    const written = await table.write(
      [
        { put: item, when: payment.version === 0 ? notThere : versionIs(payment.version), else: 'raced' },
        ...(seen ? [seen] : []),
      ],
      { idempotencyKey, resource: payment.orderId },
    )
    return written.ok ? { ...payment, version: item.version, sequence: item.sequence } : undefined
  },

  /** Whom to write down as the customer of a new payment. */
  customerOf: (customerId: string) => ownerOf(table, customerId),

  /** The order whose payment stands under a key. */
  orderOf: ({ pk }: Key): string => pk.slice(partitionOf('').length),

  /** Lists keys of a person's payments; the index lags behind by a moment. */
  listOfCustomer: ownerIndex(table, 'gsi2').list,

  /** A page of someone's payments. @param position the order's id that the page before ended at @param limit at most 100 */
  async pageOfCustomer(customerId: string, position: string | undefined, limit: number) {
    const page = await ownerIndex(table, 'gsi2').page(customerId, position, limit)
    return { payments: page.found.map(({ item }) => StoredPayment.parse(item)), more: page.more }
  },

  /** Ids of orders for whose payments something has been due too long, at most `limit` of each partition. */
  listDue: listDue(table, 'gsi1', 'due'),

  async hasSeen(provider: string, eventId: string): Promise<boolean> {
    return (await table.get(seenKeyOf(provider, eventId))) !== undefined
  },
})

export type PaymentsTable = ReturnType<typeof paymentsTable>
