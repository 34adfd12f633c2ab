import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  decided,
  done,
  dueStep,
  maxStaffRefunds,
  newPayment,
  type Payment,
  type Posting,
  postingsOf,
  promiseRefund,
  promiseReturn,
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
  /** Goods came back, of which the same is heard again and again. */
  | { type: 'return'; amountMinor: number; number: number }

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
  fc
    .record({ amountMinor: fc.integer({ min: 0, max: total }), number: fc.nat(3) })
    .map((goods): Move => ({ type: 'return', ...goods })),
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
    case 'return':
      return promiseReturn(payment, { returnId: `ret_${move.number}`, amountMinor: move.amountMinor }) ?? payment
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
        const ids = payment.refunds.map(({ id }) => id)
        assert.equal(new Set(ids).size, ids.length, 'no return is refunded twice')
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

describe('goods that are back', () => {
  const authorized = {
    ...newPayment({ orderId: 'ord', customerId: 'gst', method: 'x', total: { amount: total, currency: 'EUR' } }),
    status: 'authorized',
  } as const
  const captured: Payment = {
    ...authorized,
    status: 'captured',
    capturedMinor: total,
    wishes: { cancel: false, capture: true },
  }
  const goods = { returnId: 'ret_1', amountMinor: 2_000 }

  test('are promised what was paid for them, or what is left of it, once', () => {
    const first = promiseReturn(captured, goods)
    assert.ok(first)
    assert.equal(promiseReturn(first, { ...goods, amountMinor: 1 }), undefined)
    const second = promiseReturn(first, { returnId: 'ret_2', amountMinor: total })
    assert.deepEqual(
      second?.refunds.map(({ id, amountMinor }) => [id, amountMinor]),
      [
        ['ret_1', 2_000],
        ['ret_2', 3_000],
      ],
    )
    assert.equal(second && promiseReturn(second, { returnId: 'ret_3', amountMinor: 1 }), undefined)
    assert.equal(promiseReturn(captured, { ...goods, amountMinor: 0 }), undefined)
  })

  test('before the capture too, where there will be one; it is due after it', () => {
    const promised = promiseReturn({ ...authorized, wishes: { cancel: false, capture: true } }, goods)
    assert.ok(promised)
    const capture = dueStep(promised)
    assert.ok(capture?.type === 'capture')
    const refund = dueStep(done(promised, capture))
    assert.ok(refund?.type === 'refund' && refund.refund.amountMinor === 2_000)
    for (const status of ['voided', 'declined'] as const)
      assert.equal(promiseReturn({ ...authorized, status }, goods), undefined)
    assert.equal(promiseReturn({ ...authorized, wishes: { cancel: true, capture: false } }, goods), undefined)
  })

  test('find room, however often staff have given money back', () => {
    let payment = captured
    const one = (index: number) => promiseRefund(payment, { id: `rfd_${index}`, amountMinor: 1, reason: 'x' })
    for (let index = 0; index < maxStaffRefunds; index += 1) {
      const outcome = one(index)
      assert.ok(outcome.ok)
      payment = outcome.value
    }
    const refused = one(maxStaffRefunds)
    assert.ok(!refused.ok && refused.reason === 'TOO_MANY_REFUNDS')
    for (let index = 0; index < 20; index += 1) {
      const promised = promiseReturn(payment, { returnId: `ret_${index}`, amountMinor: 1 })
      assert.ok(promised)
      payment = promised
    }
    assert.equal(payment.refunds.length, 50)
  })
})
