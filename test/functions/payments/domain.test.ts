import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  applyDecision,
  applyStep,
  dueStep,
  maxStaffRefunds,
  newPayment,
  type Payment,
  refundedMinor,
  requestCancel,
  requestCapture,
  requestRefund,
  requestReturnRefund,
} from '../../../functions/payments/domain.ts'
import { ledgerOf, withCapture, withRefund } from '../../../functions/payments/ledger.ts'
import type { Decision } from '../../../functions/payments/providers/port.ts'
import { fc } from '../../support/property.ts'

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

const at = '2026-01-01T00:00:00.000Z'

/** One due step, as `settle` takes it. */
const step = (payment: Payment, decision: Decision): Payment => {
  const due = dueStep(payment)
  if (!due) return payment
  return due.type === 'authorize' ? (applyDecision(payment, decision) ?? payment) : applyStep(payment, due, at)
}

const after = (payment: Payment, move: Move, index: number): Payment => {
  switch (move.type) {
    case 'settle':
      return step(payment, move.decision)
    case 'report':
      return applyDecision(payment, move.decision) ?? payment
    case 'cancel':
      return requestCancel(payment) ?? payment
    case 'dispatch':
      return requestCapture(payment) ?? payment
    case 'return':
      return requestReturnRefund(payment, { returnId: `ret_${move.number}`, amountMinor: move.amountMinor }) ?? payment
    case 'refund': {
      const requested = requestRefund(payment, { id: `r${index}`, amountMinor: move.amountMinor, reason: 'x' })
      return requested.ok ? requested.value : payment
    }
  }
}

describe('a payment', () => {
  test('M1, M3 under any order of requests, reports and steps; and it comes to rest', () => {
    fc.assert(
      fc.property(fc.array(moves, { maxLength: 40 }), (sequence) => {
        let payment = newPayment({
          orderId: 'ord',
          customerId: 'gst',
          method: 'x',
          total: { amount: total, currency: 'EUR' },
        })
        const holds = (before = payment) => {
          const steps = payment.journal.map((entry) => entry.step)
          assert.equal(new Set(steps).size, steps.length, 'no step is booked twice')
          assert.deepEqual(payment.journal.slice(0, before.journal.length), before.journal, 'the journal only grows')
          const postings = ledgerOf(payment)
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
          const before = payment
          payment = after(payment, move, index)
          holds(before)
        }
        for (let rest = 0; rest < 60 && dueStep(payment); rest += 1) payment = step(payment, { status: 'authorized' })
        holds()
        assert.equal(dueStep(payment), undefined)
        const ids = payment.refunds.map(({ id }) => id)
        assert.equal(new Set(ids).size, ids.length, 'no return is refunded twice')
        if (payment.requested.cancel)
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
    requested: { cancel: false, capture: true },
  }
  const goods = { returnId: 'ret_1', amountMinor: 2_000 }

  test('ask for what was paid for them, or what is left of it, once', () => {
    const first = requestReturnRefund(captured, goods)
    assert.ok(first)
    assert.equal(requestReturnRefund(first, { ...goods, amountMinor: 1 }), undefined)
    const second = requestReturnRefund(first, { returnId: 'ret_2', amountMinor: total })
    assert.deepEqual(
      second?.refunds.map(({ id, amountMinor }) => [id, amountMinor]),
      [
        ['ret_1', 2_000],
        ['ret_2', 3_000],
      ],
    )
    assert.equal(second && requestReturnRefund(second, { returnId: 'ret_3', amountMinor: 1 }), undefined)
    assert.equal(requestReturnRefund(captured, { ...goods, amountMinor: 0 }), undefined)
  })

  test('before the capture too, where there will be one; it is due after it', () => {
    const requested = requestReturnRefund({ ...authorized, requested: { cancel: false, capture: true } }, goods)
    assert.ok(requested)
    const capture = dueStep(requested)
    assert.ok(capture?.type === 'capture')
    const refund = dueStep(applyStep(requested, capture, at))
    assert.ok(refund?.type === 'refund' && refund.refund.amountMinor === 2_000)
    for (const status of ['voided', 'declined'] as const)
      assert.equal(requestReturnRefund({ ...authorized, status }, goods), undefined)
    assert.equal(requestReturnRefund({ ...authorized, requested: { cancel: true, capture: false } }, goods), undefined)
  })

  test('find room, however often staff have given money back', () => {
    let payment = captured
    const one = (index: number) => requestRefund(payment, { id: `rfd_${index}`, amountMinor: 1, reason: 'x' })
    for (let index = 0; index < maxStaffRefunds; index += 1) {
      const outcome = one(index)
      assert.ok(outcome.ok)
      payment = outcome.value
    }
    const refused = one(maxStaffRefunds)
    assert.ok(!refused.ok && refused.reason === 'TOO_MANY_REFUNDS')
    for (let index = 0; index < 20; index += 1) {
      const requested = requestReturnRefund(payment, { returnId: `ret_${index}`, amountMinor: 1 })
      assert.ok(requested)
      payment = requested
    }
    assert.equal(payment.refunds.length, 50)
  })
})

describe('the journal', () => {
  const journal = withRefund(
    withRefund(withCapture([], at, total), at, { id: 'rfd_2', amountMinor: 200 }),
    '2026-01-02T00:00:00.000Z',
    { id: 'rfd_1', amountMinor: 100 },
  )

  test('holds both sides of each step, in the order in which they were taken', () => {
    assert.deepEqual(
      journal.map((entry) => [entry.step, ...entry.postings.map(({ amountMinor }) => amountMinor)]),
      [
        ['capture', total, -total],
        ['refund:rfd_2', -200, 200],
        ['refund:rfd_1', -100, 100],
      ],
    )
  })

  test('takes no step twice', () => {
    assert.throws(() => withCapture(journal, at, total))
    assert.throws(() => withRefund(journal, at, { id: 'rfd_1', amountMinor: 1 }))
  })

  test('is shown posting by posting, sorted by id', () => {
    const ledger = ledgerOf({ orderId: 'ord_1', currency: 'EUR', journal })
    assert.deepEqual(
      ledger.map(({ id, amount }) => [id, amount]),
      [
        ['ord_1:capture:customer', -total],
        ['ord_1:capture:provider', total],
        ['ord_1:refund:rfd_1:customer', 100],
        ['ord_1:refund:rfd_1:provider', -100],
        ['ord_1:refund:rfd_2:customer', 200],
        ['ord_1:refund:rfd_2:provider', -200],
      ],
    )
    assert.deepEqual(ledger[3], {
      id: 'ord_1:refund:rfd_1:provider',
      at: '2026-01-02T00:00:00.000Z',
      kind: 'refund',
      account: 'provider',
      amount: -100,
      currency: 'EUR',
    })
  })
})
