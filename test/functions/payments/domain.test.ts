import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  decided,
  done,
  dueStep,
  newPayment,
  type Payment,
  type Posting,
  postingsOf,
  promiseRefund,
  refundedMinor,
  wishCancel,
  wishCapture,
} from '../../../functions/payments/domain.ts'
import type { Decision } from '../../../functions/payments/provider.ts'

type Move =
  | { type: 'settle'; decision: Decision }
  | { type: 'report'; decision: Decision }
  | { type: 'cancel' }
  | { type: 'dispatch' }
  | { type: 'refund'; amountMinor: number }

const total = 5_000
const decisions = fc.constantFrom<Decision>(
  { status: 'authorized' },
  { status: 'pending' },
  { status: 'action-required' },
  { status: 'declined', declineCode: 'card_declined' },
)
const moves = fc.oneof(
  decisions.map((decision): Move => ({ type: 'settle', decision })),
  decisions.map((decision): Move => ({ type: 'report', decision })),
  fc.constant<Move>({ type: 'cancel' }),
  fc.constant<Move>({ type: 'dispatch' }),
  fc.integer({ min: 1, max: total }).map((amountMinor): Move => ({ type: 'refund', amountMinor })),
)

/** One due step, as `settle` takes it, with what it books. */
const step = (payment: Payment, decision: Decision, book: (postings: Posting[]) => void): Payment => {
  const due = dueStep(payment)
  if (!due) return payment
  if (due.type === 'authorize') return decided(payment, decision) ?? payment
  book(postingsOf(payment, due))
  return done(payment, due)
}

const after = (payment: Payment, move: Move, index: number, book: (postings: Posting[]) => void): Payment => {
  switch (move.type) {
    case 'settle':
      return step(payment, move.decision, book)
    case 'report':
      return decided(payment, move.decision) ?? payment
    case 'cancel':
      return wishCancel(payment) ?? payment
    case 'dispatch':
      return wishCapture(payment) ?? payment
    case 'refund': {
      const promised = promiseRefund(payment, { id: `r${index}`, amountMinor: move.amountMinor, reason: 'x' })
      return promised.ok ? promised.value : payment
    }
  }
}

describe('a payment', () => {
  test('M1, M3 under any order of wishes, reports and steps; and it comes to rest', () => {
    fc.assert(
      fc.property(fc.array(moves, { maxLength: 40 }), (sequence) => {
        let payment = newPayment({
          orderId: 'ord',
          customerId: 'gst',
          method: 'x',
          total: { amount: total, currency: 'EUR' },
        })
        const postings: Posting[] = []
        const book = (added: Posting[]) => {
          for (const posting of added)
            assert.ok(!postings.some(({ id }) => id === posting.id), 'no step is booked twice')
          postings.push(...added)
        }
        const holds = () => {
          assert.ok(payment.capturedMinor <= total && refundedMinor(payment) <= payment.capturedMinor, 'M1')
          assert.equal(
            postings.reduce((sum, { amount }) => sum + amount, 0),
            0,
            'M3',
          )
          const held = postings
            .filter(({ account }) => account === 'provider')
            .reduce((sum, { amount }) => sum + amount, 0)
          assert.equal(held, payment.capturedMinor - refundedMinor(payment), 'the ledger says what the payment says')
        }
        for (const [index, move] of sequence.entries()) {
          payment = after(payment, move, index, book)
          holds()
        }
        for (let rest = 0; rest < 60 && dueStep(payment); rest += 1)
          payment = step(payment, { status: 'authorized' }, book)
        holds()
        assert.equal(dueStep(payment), undefined)
        if (payment.wishes.cancel)
          assert.equal(
            refundedMinor(payment),
            payment.capturedMinor,
            'M1: nothing captured for a cancelled order stays',
          )
      }),
      { numRuns: 500 },
    )
  })
})
