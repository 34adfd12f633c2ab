/**
 * Double entry: what the provider holds for us goes up by what the customer paid, and down by what is given back. The
 * journal is a part of its payment, so no money is noted in one and not in the other. Pure.
 */

/** An amount on one side. Signed minor units of the payment's currency. */
export type Posting = { account: 'provider' | 'customer'; amountMinor: number }

/** What one step moved; its postings sum to zero. `step`: `capture` or `refund:<refundId>`. `at`: RFC 3339. */
export type JournalEntry = { step: string; at: string; postings: readonly Posting[] }

const captureStep = 'capture'
const refundStep = (refundId: string): string => `refund:${refundId}`

const balanced = (postings: readonly Posting[]): readonly Posting[] => {
  const sum = postings.reduce((total, { amountMinor }) => total + amountMinor, 0)
  if (sum !== 0) throw new Error(`postings sum to ${sum}`)
  return postings
}

/** @param heldMinor by how much more the provider holds for us afterwards */
const withEntry = (
  journal: readonly JournalEntry[],
  step: string,
  at: string,
  heldMinor: number,
): readonly JournalEntry[] => {
  if (journal.some((entry) => entry.step === step)) throw new Error(`${step} is in the journal already`)
  const postings: Posting[] = [
    { account: 'provider', amountMinor: heldMinor },
    { account: 'customer', amountMinor: -heldMinor },
  ]
  return [...journal, { step, at, postings: balanced(postings) }]
}

/** The journal with a capture. @param at RFC 3339 */
export const withCapture = (journal: readonly JournalEntry[], at: string, amountMinor: number) =>
  withEntry(journal, captureStep, at, amountMinor)

/** The journal with a refund. @param at RFC 3339 */
export const withRefund = (
  journal: readonly JournalEntry[],
  at: string,
  { id, amountMinor }: { id: string; amountMinor: number },
) => withEntry(journal, refundStep(id), at, -amountMinor)

/** The postings as the API shows them, one by one, sorted by their ids. */
export const ledgerOf = (payment: { orderId: string; currency: string; journal: readonly JournalEntry[] }) =>
  payment.journal
    .flatMap(({ step, at, postings }) =>
      postings.map(({ account, amountMinor }) => ({
        id: `${payment.orderId}:${step}:${account}`,
        at,
        kind: step === captureStep ? ('capture' as const) : ('refund' as const),
        account,
        amount: amountMinor,
        currency: payment.currency,
      })),
    )
    .toSorted((one, other) => (one.id < other.id ? -1 : 1))
