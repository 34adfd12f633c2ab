import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { newPayment, type Payment, requestRefund, requestReturnRefund } from '../../../functions/payments/domain.ts'
import { refundLines } from '../../../functions/payments/refunds/refund-lines.ts'
import { fc } from '../../support/property.ts'

const total = (amount: number) => ({ amount, currency: 'EUR' })
const captured = (amount: number): Payment => ({
  ...newPayment({ orderId: 'ord_1', customerId: 'gst_1', method: 'sandbox_ok', total: total(amount) }),
  status: 'captured',
  capturedMinor: amount,
})

type Line = { sku: string; bought: number; paidMinor: number }
const kettle: Line = { sku: 'KETTLE', bought: 1, paidMinor: 4760 }
const cups: Line = { sku: 'CUP', bought: 3, paidMinor: 1000 }
const shippingMinor = 583

let ids = 0
const byHand = (payment: Payment, amountMinor: number, more: object = {}): Payment => {
  ids += 1
  const requested = requestRefund(payment, { id: `rfd_${ids}`, amountMinor, reason: 'sorry', ...more })
  assert.ok(requested.ok)
  return requested.value
}
const ofLine = (
  payment: Payment,
  lines: readonly Line[],
  wanted: { sku: string; units?: number; amountMinor?: number },
) => {
  const named = refundLines(payment, [wanted], lines)
  assert.ok(named.ok)
  return byHand(payment, named.value[0]?.amountMinor ?? 0, { lines: named.value })
}
/** @param returned units of each line that have come back by then */
const comesBack = (payment: Payment, lines: readonly Line[], returned: Readonly<Record<string, number>>): Payment => {
  ids += 1
  const paid = lines.flatMap((line) => {
    const units = returned[line.sku] ?? 0
    return units > 0 ? [{ ...line, returned: units }] : []
  })
  return requestReturnRefund(payment, { returnId: `ret_${ids}`, amountMinor: 0, paid }) ?? payment
}
const given = ({ refunds }: Payment): number => refunds.reduce((sum, { amountMinor }) => sum + amountMinor, 0)

describe('what was given back by hand', () => {
  const payment = captured(kettle.paidMinor + shippingMinor)

  test('half of a line without a word for what, then its return: together the line, not the shipping', () => {
    const after = comesBack(byHand(payment, 2380), [kettle], { KETTLE: 1 })
    assert.deepEqual(
      after.refunds.map(({ amountMinor }) => amountMinor),
      [2380, 2380],
    )
  })

  test('half of a line, named, then its return: together the line', () => {
    const after = comesBack(ofLine(payment, [kettle], { sku: 'KETTLE', amountMinor: 2380 }), [kettle], { KETTLE: 1 })
    assert.equal(given(after), 4760)
  })

  test('all of a line, then its return: nothing more', () => {
    const after = ofLine(payment, [kettle], { sku: 'KETTLE', units: 1 })
    assert.equal(comesBack(after, [kettle], { KETTLE: 1 }), after)
    assert.equal(given(after), 4760)
  })

  test('the shipping, named, then a return: both', () => {
    const after = comesBack(byHand(payment, shippingMinor, { shippingMinor }), [kettle], { KETTLE: 1 })
    assert.equal(given(after), 4760 + shippingMinor)
  })

  test('for one of two lines takes nothing from the return of the other', () => {
    const lines = [kettle, cups]
    const both = captured(kettle.paidMinor + cups.paidMinor + shippingMinor)
    const reduced = ofLine(both, lines, { sku: 'CUP', amountMinor: 400 })
    const back = comesBack(reduced, lines, { KETTLE: 1 })
    assert.equal(given(back), 400 + 4760)
    assert.equal(given(comesBack(back, lines, { KETTLE: 1, CUP: 3 })), 4760 + 1000)
  })

  test('without a word for what, of two lines, counts for whatever comes back', () => {
    const lines = [kettle, cups]
    const both = captured(kettle.paidMinor + cups.paidMinor + shippingMinor)
    for (const [first, sum] of [
      [{ KETTLE: 1 }, 4760],
      [{ CUP: 3 }, 2380],
    ] as const) {
      const back = comesBack(byHand(both, 2380), lines, first)
      assert.equal(given(back), sum)
      const all = comesBack(back, lines, { KETTLE: 1, CUP: 3 })
      assert.equal(given(all), 4760 + 1000)
      // Told late of what came first.
      assert.equal(given(comesBack(all, lines, first)), 4760 + 1000)
    }
  })

  test('a unit paid back ahead of its return is that which comes back first; a reduction is not', () => {
    const two = captured(cups.paidMinor + shippingMinor)
    const ahead = ofLine(two, [cups], { sku: 'CUP', units: 1 })
    const once = comesBack(ahead, [cups], { CUP: 1 })
    assert.equal(given(once), 333)
    assert.equal(given(comesBack(once, [cups], { CUP: 2 })), 666)
    assert.equal(given(comesBack(once, [cups], { CUP: 3 })), 1000)
    const cheaper = ofLine(two, [cups], { sku: 'CUP', amountMinor: 100 })
    assert.equal(given(comesBack(cheaper, [cups], { CUP: 1 })), 433)
    assert.equal(given(comesBack(cheaper, [cups], { CUP: 3 })), 1000)
  })

  test('is never more of a line than was paid for it, nor of more units than were bought', () => {
    const two = captured(cups.paidMinor + shippingMinor)
    for (const wanted of [{ units: 4 }, { amountMinor: 1001 }]) {
      const refused = refundLines(two, [{ sku: 'CUP', ...wanted }], [cups])
      assert.equal(refused.ok ? 'taken' : refused.reason, 'REFUND_TOO_LARGE')
    }
    const after = ofLine(two, [cups], { sku: 'CUP', amountMinor: 700 })
    const refused = refundLines(after, [{ sku: 'CUP', units: 1 }], [cups])
    // A unit is 3.33, and 3.00 are left.
    assert.equal(refused.ok ? 'taken' : refused.reason, 'REFUND_TOO_LARGE')
    const unknown = refundLines(two, [{ sku: 'MUG', units: 1 }], [cups])
    assert.equal(unknown.ok ? 'taken' : unknown.reason, 'NOT_ORDERED')
  })
})

describe('refunds by hand and returns', () => {
  const line = fc.record({ bought: fc.integer({ min: 1, max: 9 }), paidMinor: fc.integer({ min: 0, max: 100_000 }) })
  const act = fc.record({
    line: fc.nat({ max: 3 }),
    kind: fc.constantFrom('units', 'amount', 'unnamed', 'shipping', 'return'),
    units: fc.integer({ min: 1, max: 9 }),
    part: fc.double({ min: 0, max: 1, noNaN: true }),
  })

  test('in any order and of any size: when all is back, all that was paid for the goods is given back, once', () => {
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 0, max: 5_000 }),
        fc.array(act, { maxLength: 20 }),
        (drawn, shipping, acts) => {
          const lines = drawn.map((one, index) => ({ ...one, sku: `S${index}` }))
          const goods = lines.reduce((sum, { paidMinor }) => sum + paidMinor, 0)
          let payment = captured(goods + shipping)
          const returned: Record<string, number> = {}
          let [unnamed, forShipping] = [0, 0]
          for (const { line: nth, kind, units, part } of acts) {
            const one = lines[nth % lines.length]
            assert.ok(one)
            const { sku, bought, paidMinor } = one
            if (kind === 'return') {
              returned[sku] = Math.min(bought, (returned[sku] ?? 0) + units)
              payment = comesBack(payment, lines, returned)
            }
            if (kind === 'units' || kind === 'amount') {
              const amountMinor = Math.floor(part * paidMinor)
              const wanted = { sku, ...(kind === 'units' ? { units } : { amountMinor }) }
              const named = refundLines(payment, [wanted], lines)
              const amount = named.ok ? (named.value[0]?.amountMinor ?? 0) : 0
              if (!named.ok || amount === 0) continue
              const refund = { id: `rfd_${ids++}`, amountMinor: amount, reason: 'r', lines: named.value }
              const requested = requestRefund(payment, refund)
              if (requested.ok) payment = requested.value
            }
            if (kind === 'unnamed') {
              const amountMinor = Math.floor((part * goods) / 4)
              const requested = requestRefund(payment, { id: `rfd_${ids++}`, amountMinor, reason: 'r' })
              if (amountMinor > 0 && requested.ok) {
                payment = requested.value
                unnamed += amountMinor
              }
            }
            if (kind === 'shipping' && forShipping === 0 && shipping > 0) {
              const wanted = { id: `rfd_${ids++}`, amountMinor: shipping, shippingMinor: shipping, reason: 'r' }
              const requested = requestRefund(payment, wanted)
              if (requested.ok) {
                payment = requested.value
                forShipping = shipping
              }
            }
            assert.ok(given(payment) <= goods + shipping)
          }
          payment = comesBack(payment, lines, Object.fromEntries(lines.map(({ sku, bought }) => [sku, bought])))
          const back = given(payment) - forShipping
          // Staff may give more than the goods by refunds that do not say what they are for; returns never do.
          assert.ok(back >= goods && back <= Math.max(goods, goods + unnamed), `${back} of ${goods}`)
          if (unnamed === 0) assert.equal(back, goods)
        },
      ),
    )
  })
})
