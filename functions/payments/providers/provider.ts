/**
 * The port behind which a payment provider stands. Every call carries a key that is the same whenever the same step is
 * repeated: the provider acts once per key and answers a repetition as it did first.
 */
import type { Money } from '../../../shared/contract/schema.ts'

/** `pending`: the provider will report the outcome by event. `voided`: it was given back before. */
export type Decision =
  | { status: 'authorized' }
  | { status: 'voided' }
  | { status: 'declined'; declineCode: string }
  | { status: 'action-required' }
  | { status: 'pending' }

/** A signed request to `POST /payment-events`, as it came. Header names are in lower case. */
export type SignedRequest = { headers: Readonly<Record<string, string | undefined>>; body: string; nowMs: number }

/**
 * What such a request says: `irrelevant` is signed, and about nothing that the shop waits for. `decide` gives the decision
 * that the report is about; where reports can overtake each other, it asks the provider how things stand now.
 */
export type Report =
  | { type: 'unsigned' }
  | { type: 'malformed' }
  | { type: 'irrelevant' }
  | { type: 'decision'; id: string; orderId: string; decide: () => Promise<Decision> }

/** All calls throw when the provider cannot be reached: what became of the step is then unknown until it is repeated. */
export type Provider = {
  /** Tells its events from those of other providers. */
  name: string
  /** Sets an order's total aside on the shopper's account. */
  authorize(step: { key: string; orderId: string; method: string; amount: Money }): Promise<Decision>
  /** Settles what needed the shopper's confirmation. */
  confirm(step: { key: string; orderId: string; outcome: 'success' | 'failure' }): Promise<Decision>
  /** What the shopper's browser needs to confirm with the provider; undefined where the shop's own answer is enough. */
  confirmationSecret(orderId: string): Promise<string | undefined>
  /** Takes what was authorized. */
  capture(step: { key: string; orderId: string; amount: Money }): Promise<void>
  /** Gives an authorization back, or ends one that waits for confirmation. */
  void(step: { key: string; orderId: string }): Promise<void>
  /** Gives captured money back. */
  refund(step: { key: string; orderId: string; amount: Money }): Promise<void>
  /** Reads what it sent by itself, if it did. */
  read(request: SignedRequest): Promise<Report>
}
