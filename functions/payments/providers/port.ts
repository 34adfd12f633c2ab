/**
 * The port behind which a payment provider stands: what the `adapter.ts` of its folder exports. Every call carries a key that is
 * the same whenever the same step is repeated: the provider acts once per key and answers a repetition as it did first.
 */
import type { Money } from '../../../shared/contract/schema.ts'
import type { Table } from '../../../shared/runtime/table.ts'
import type { defer } from '../../../shared/runtime/task.ts'

/** `pending`: the provider will report the outcome by event. `voided`: it was given back before. */
export type Decision =
  | { status: 'authorized' }
  | { status: 'voided' }
  | { status: 'declined'; declineCode: string }
  | { status: 'action-required' }
  | { status: 'pending' }

/** All calls throw when the provider cannot be reached: what became of the step is then unknown until it is repeated. */
export type Provider = {
  /** Sets an order's total aside on the shopper's account. */
  authorize(step: { key: string; orderId: string; method: string; amount: Money }): Promise<Decision>
  /** Settles what needed the shopper's confirmation. `answer`: as the provider's declaration has it. */
  confirm(step: { key: string; orderId: string; answer: unknown }): Promise<Decision>
  /** What the shopper's browser needs to confirm with the provider; undefined where the shop's own answer is enough. */
  confirmationSecret(orderId: string): Promise<string | undefined>
  /** Takes what was authorized, or once a part of it: the rest is given back then. */
  capture(step: { key: string; orderId: string; amount: Money }): Promise<void>
  /** Gives an authorization back, or ends one that waits for confirmation or for the provider's decision. */
  void(step: { key: string; orderId: string }): Promise<void>
  /** Gives captured money back, in as many parts as it takes. */
  refund(step: { key: string; orderId: string; amount: Money }): Promise<void>
}

/** What a provider is made of: it keeps what it must remember in partitions of the table that begin with its name. */
export type ProviderParts = {
  table: Table
  /** Puts work aside for one of its tasks; only in functions that may ask for an authorization. */
  defer?: typeof defer
}

export type CreateProvider = (parts: ProviderParts) => Provider

/** A signed request to `POST /payment-events`, as it came. Header names are in lower case. */
export type SignedRequest = { headers: Readonly<Record<string, string | undefined>>; body: string; nowMs: number }

/**
 * What such a request says: `irrelevant` is signed, and about nothing that the shop waits for; `refund-failed` and
 * `dispute-opened` ask for a person. `decide` gives the decision that the report is about; where reports can overtake each
 * other, it asks the provider how things stand now.
 */
export type Report =
  | { type: 'unsigned' }
  | { type: 'malformed' }
  | { type: 'irrelevant' }
  | { type: 'refund-failed' | 'dispute-opened'; id: string }
  | { type: 'decision'; id: string; orderId: string; decide: () => Promise<Decision> }

/** Reads what the provider sent by itself, if it did. */
export type ReadReport = (request: SignedRequest) => Promise<Report>

/** Apart from the calls, since one function reads reports. `secrets`: newest first, two while one takes over from the other. */
export type CreateReader = (parts: { table: Table; secrets: () => Promise<readonly string[]> }) => ReadReport
