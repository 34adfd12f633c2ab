import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Order, place, type Trigger, transition } from '../../../functions/orders/domain.ts'
import { maxReturns, type ReturnLine, receiveReturn, requestReturn } from '../../../functions/orders/returns.ts'
import { fc } from '../../support/property.ts'

const eur = (amount: number) => ({ amount, currency: 'EUR' })

type Bought = { price: number; quantity: number }

/** An order of these lines, `S0`, `S1`, …, brought to where goods can come back. */
const arrived = (bought: readonly Bought[], pricesIncludeTax = false, last: Trigger['type'] = 'shipment.delivered') => {
  const placed = place({
    id: 'ord_01ARZ3NDEKTSV4RRFFQ69G5FAV',
    customerId: 'gst_1',
    atMs: Date.UTC(2026, 10, 21),
    currency: 'EUR',
    pricesIncludeTax,
    cart: { id: 'crt_1', version: 1, lines: bought.map(({ quantity }, index) => ({ sku: `S${index}`, quantity })) },
    variants: bought.map(({ price }, index) => ({
      sku: `S${index}`,
      productId: `prd_${index}`,
      title: 'S',
      unitPrice: eur(price),
      weightGrams: 1,
    })),
    shippingMethod: { id: 'standard', title: 'Standard', price: eur(490) },
    shippingAddress: { name: 'A', line1: 'B', city: 'C', postalCode: '1', country: 'DE' },
    paymentMethod: 'sandbox_ok',
  })
  assert.ok(placed.ok)
  let order = placed.value
  const steps: Trigger['type'][] = ['stock.reserved', 'payment.authorized', last]
  for (const type of steps) {
    const next = transition(order, { type } as Trigger, Date.UTC(2026, 10, 21, 0, 1))
    assert.ok(next, type)
    order = next
  }
  return order
}

const request = (order: Order, lines: readonly ReturnLine[], id = `ret_${order.returns.length}`) =>
  requestReturn(order, { id, lines, atMs: Date.UTC(2026, 10, 22) })
const requested = (order: Order, lines: readonly ReturnLine[]) => {
  const outcome = request(order, lines)
  assert.ok(outcome.ok)
  return outcome.value
}
const refusal = (order: Order, lines: readonly ReturnLine[]) => {
  const outcome = request(order, lines)
  return outcome.ok ? 'accepted' : outcome.reason
}
const receivedAll = (order: Order, ids: readonly string[]) => {
  let current = order
  for (const id of ids) {
    const before = current.returns.find((one) => one.id === id)
    assert.ok(before)
    current = receiveReturn(current, before, Date.UTC(2026, 10, 23))?.order ?? current
  }
  return current
}

/** Lines, and for each unit of each the number of the return that it comes back with. */
const splits = fc
  .array(fc.record({ price: fc.integer({ min: 0, max: 100_000_000 }), quantity: fc.integer({ min: 1, max: 12 }) }), {
    minLength: 1,
    maxLength: 5,
  })
  .chain((bought) =>
    fc.record({
      bought: fc.constant(bought),
      pricesIncludeTax: fc.boolean(),
      parcels: fc.tuple(
        ...bought.map(({ quantity }) =>
          fc.array(fc.integer({ min: 0, max: 5 }), { minLength: quantity, maxLength: quantity }),
        ),
      ),
    }),
  )

/** What each return names, of those that name anything. */
const returnsOf = (parcels: readonly (readonly number[])[]): ReturnLine[][] =>
  Array.from({ length: 6 }, (_, parcel) =>
    parcels.flatMap((units, index) => {
      const quantity = units.filter((unit) => unit === parcel).length
      return quantity > 0 ? [{ sku: `S${index}`, quantity }] : []
    }),
  ).filter((lines) => lines.length > 0)

describe('the refund of a return', () => {
  test('however an order is split into returns, they give back exactly what its lines cost, without the shipping', () => {
    fc.assert(
      fc.property(splits, ({ bought, pricesIncludeTax, parcels }) => {
        let order = arrived(bought, pricesIncludeTax)
        const refunds = returnsOf(parcels).map((lines) => {
          const { order: after, returned } = requested(order, lines)
          order = after
          return returned.refund.amount
        })
        for (const refund of refunds) assert.ok(Number.isSafeInteger(refund) && refund >= 0)
        const paid = order.lines.reduce(
          (sum, { total, tax }) => sum + total.amount + (pricesIncludeTax ? 0 : tax.amount),
          0,
        )
        assert.equal(
          refunds.reduce((sum, refund) => sum + refund, 0),
          paid,
        )
        assert.ok(paid <= order.total.amount)
        assert.equal(refusal(order, [{ sku: 'S0', quantity: 1 }]), 'RETURN_TOO_LARGE')
      }),
    )
  })

  test('is the units’ share to within a minor unit of each line', () => {
    fc.assert(
      fc.property(splits, ({ bought, pricesIncludeTax, parcels }) => {
        let order = arrived(bought, pricesIncludeTax)
        for (const lines of returnsOf(parcels)) {
          const { order: after, returned } = requested(order, lines)
          const exact = lines.reduce((sum, { sku, quantity }) => {
            const line = order.lines.find((one) => one.sku === sku)
            assert.ok(line)
            const paid = line.total.amount + (pricesIncludeTax ? 0 : line.tax.amount)
            return sum + (paid * quantity) / line.quantity
          }, 0)
          assert.ok(Math.abs(returned.refund.amount - exact) < lines.length + 0.001)
          order = after
        }
      }),
    )
  })

  test('of three units at 3.33 and their tax: 3.96, 3.96, 3.97', () => {
    let order = arrived([{ price: 333, quantity: 3 }])
    const amounts = [1, 2, 3].map(() => {
      const { order: after, returned } = requested(order, [{ sku: 'S0', quantity: 1 }])
      order = after
      return returned.refund.amount
    })
    assert.deepEqual(amounts, [396, 396, 397])
    const [whole] = arrived([{ price: 333, quantity: 3 }], true).lines
    assert.equal(whole?.total.amount, 999)
    const withTax = requested(arrived([{ price: 333, quantity: 3 }], true), [{ sku: 'S0', quantity: 3 }])
    assert.equal(withTax.returned.refund.amount, 999)
  })
})

describe('what may come back', () => {
  test('goods of an order that is shipped or delivered, and of no other', () => {
    const lines = [{ sku: 'S0', quantity: 1 }]
    const bought = [{ price: 100, quantity: 2 }]
    for (const last of ['shipment.dispatched', 'shipment.delivered'] as const)
      assert.equal(refusal(arrived(bought, false, last), lines), 'accepted')
    const order = arrived(bought)
    for (const status of ['placed', 'awaiting-payment', 'confirmed', 'completed', 'cancelled', 'returned'] as const)
      assert.equal(refusal({ ...order, status }, lines), 'NOT_RETURNABLE')
  })

  test('no more than was bought, less what other returns name; nothing that was not bought', () => {
    const { order } = requested(arrived([{ price: 100, quantity: 3 }]), [{ sku: 'S0', quantity: 2 }])
    assert.equal(refusal(order, [{ sku: 'S0', quantity: 2 }]), 'RETURN_TOO_LARGE')
    assert.equal(refusal(order, [{ sku: 'S1', quantity: 1 }]), 'RETURN_TOO_LARGE')
    assert.equal(refusal(order, [{ sku: 'S0', quantity: 1 }]), 'accepted')
  })

  test('at most twenty times an order', () => {
    let order = arrived([{ price: 100, quantity: 999 }])
    for (let count = 0; count < maxReturns; count += 1) order = requested(order, [{ sku: 'S0', quantity: 1 }]).order
    assert.equal(refusal(order, [{ sku: 'S0', quantity: 1 }]), 'TOO_MANY_RETURNS')
  })
})

describe('goods that are back', () => {
  test('in any order and again: the order is returned with the last unit, not before, and stays so', () => {
    const runs = splits.chain((split) =>
      fc.record({
        split: fc.constant(split),
        keys: fc.array(fc.double({ noNaN: true }), { minLength: 6, maxLength: 6 }),
      }),
    )
    fc.assert(
      fc.property(runs, fc.boolean(), ({ split: { bought, parcels }, keys }, isCompleted) => {
        let order = arrived(bought)
        for (const lines of returnsOf(parcels)) order = requested(order, lines).order
        if (isCompleted) order = transition(order, { type: 'overdue' }, Date.UTC(2027, 0, 1)) ?? order
        const before = order.status
        const ids = order.returns
          .map(({ id }, index): [number, string] => [keys[index] ?? 0, id])
          .sort(([a], [b]) => a - b)
          .map(([, id]) => id)
        for (const [index, id] of ids.entries()) {
          order = receivedAll(order, [id, id])
          assert.equal(order.status, index === ids.length - 1 ? 'returned' : before)
        }
        assert.equal(order.deadline, undefined)
        assert.deepEqual(
          order.timeline.filter(({ status }) => status === 'returned'),
          [{ at: '2026-11-23T00:00:00.000Z', status: 'returned' }],
        )
        const late: Trigger[] = [{ type: 'shipment.dispatched' }, { type: 'shipment.delivered' }, { type: 'overdue' }]
        for (const trigger of late) assert.equal(transition(order, trigger, Date.UTC(2028, 0, 1)), undefined)
        assert.ok(
          order.returns.every(
            ({ status, version, receivedAt }) => status === 'received' && version === 2 && receivedAt,
          ),
        )
      }),
    )
  })

  test('of a part leave the order as it is', () => {
    const { order, returned } = requested(arrived([{ price: 100, quantity: 3 }]), [{ sku: 'S0', quantity: 2 }])
    const after = receiveReturn(order, returned, 0)?.order
    assert.ok(after)
    assert.deepEqual([after.status, after.deadline, after.timeline], [order.status, order.deadline, order.timeline])
  })

  test('while other units are only announced, leave the order as it is', () => {
    const first = requested(arrived([{ price: 100, quantity: 3 }]), [{ sku: 'S0', quantity: 2 }])
    const second = requested(first.order, [{ sku: 'S0', quantity: 1 }])
    assert.equal(receiveReturn(second.order, second.returned, 0)?.order.status, 'delivered')
  })
})
