import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Order, place, type Trigger, transition } from '../../../functions/orders/domain.ts'
import { addReturn, endReturn, markReceived, maxReturns } from '../../../functions/orders/returns/domain.ts'
import type { Return, ReturnLine } from '../../../functions/orders/returns/return.ts'
import { fc } from '../../support/property.ts'

const eur = (amount: number) => ({ amount, currency: 'EUR' })

type Bought = { price: number; quantity: number }

/** An order of these lines, `S0`, `S1`, …, brought to where goods can come back. */
const arrived = (bought: readonly Bought[], pricesIncludeTax = false, last: Trigger['type'] = 'shipment.delivered') => {
  const placed = place({
    id: 'ord_01ARZ3NDEKTSV4RRFFQ69G5FAV',
    requestHash: 'hash',
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
  addReturn(order, { id, lines, atMs: Date.UTC(2026, 10, 22) })
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
    const outcome = markReceived(current, before, { by: 'usr_1', atMs: Date.UTC(2026, 10, 23) })
    assert.ok(outcome.ok)
    current = outcome.value?.order ?? current
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

describe('the refund of what came back', () => {
  /** What becomes of each return, in turn: so many units of it arrive, or it is withdrawn or closed. */
  const fates = fc.array(
    fc.record({
      wanted: fc.integer({ min: 1, max: 12 }),
      fate: fc.constantFrom('arrives', 'arrives in part', 'withdrawn', 'closed', 'waits'),
    }),
    { minLength: 1, maxLength: 25 },
  )

  test('whatever is withdrawn, does not come or comes in part, in the end all of a line is given back, and never more', () => {
    fc.assert(
      fc.property(
        fates,
        fc.integer({ min: 0, max: 10_000 }),
        fc.integer({ min: 1, max: 12 }),
        (all, price, quantity) => {
          let order = arrived([{ price, quantity }])
          const paid = order.lines.reduce((sum, { total, tax }) => sum + total.amount + tax.amount, 0)
          const givenBack = () =>
            order.returns.reduce((sum, { status, refund }) => sum + (status === 'received' ? refund.amount : 0), 0)
          const receive = (before: Return, units: number) => {
            const outcome = markReceived(order, before, {
              lines: [{ sku: 'S0', quantity: units }],
              by: 'usr_1',
              atMs: 0,
            })
            assert.ok(outcome.ok)
            order = outcome.value?.order ?? order
          }
          for (const { wanted, fate } of all) {
            const outcome = request(order, [{ sku: 'S0', quantity: wanted }], `ret_${order.returns.length}_${wanted}`)
            if (!outcome.ok) continue
            const { returned } = outcome.value
            order = outcome.value.order
            if (fate === 'arrives') receive(returned, wanted)
            if (fate === 'arrives in part') receive(returned, Math.ceil(wanted / 2))
            if (fate === 'withdrawn' || fate === 'closed') {
              const ended = endReturn(order, returned, { status: fate, atMs: 0 })
              assert.ok(ended.ok && ended.value)
              order = ended.value.order
            }
            assert.ok(givenBack() <= paid)
            const live = order.returns.filter(({ status }) => status === 'requested' || status === 'received')
            const units = live.reduce((sum, { lines }) => sum + (lines[0]?.quantity ?? 0), 0)
            const said = live.reduce((sum, { refund }) => sum + refund.amount, 0)
            assert.equal(said, Math.floor((paid * units) / quantity), 'what is said of all adds up at every moment')
          }
          for (const waiting of order.returns.filter(({ status }) => status === 'requested'))
            receive(waiting, waiting.lines[0]?.quantity ?? 0)
          const left =
            quantity -
            order.returns.reduce(
              (sum, { status, lines }) => sum + (status === 'received' ? (lines[0]?.quantity ?? 0) : 0),
              0,
            )
          if (left > 0) {
            const rest = request({ ...order, status: 'delivered' }, [{ sku: 'S0', quantity: left }], 'rest')
            assert.ok(rest.ok)
            order = rest.value.order
            receive(rest.value.returned, left)
          }
          assert.equal(givenBack(), paid)
        },
      ),
    )
  })

  test('of three units at 3.33 and their tax, in the order in which they arrive: 3.96, 3.96, 3.97', () => {
    let order = arrived([{ price: 333, quantity: 3 }])
    for (const _ of [1, 2, 3]) order = requested(order, [{ sku: 'S0', quantity: 1 }]).order
    const [first, second, third] = order.returns
    assert.ok(first && second && third)
    order = receivedAll(order, [third.id, first.id, second.id])
    assert.deepEqual(
      order.returns.map(({ refund }) => refund.amount),
      [396, 397, 396],
    )
    assert.deepEqual(
      order.returns.map(({ version }) => version),
      [2, 3, 2],
    )
  })
})

describe('a return that comes to nothing', () => {
  const one = [{ sku: 'S0', quantity: 3 }]
  const ended = (order: Order, before: Return, status: 'withdrawn' | 'closed' = 'withdrawn') => {
    const outcome = endReturn(order, before, { status, by: 'usr_1', atMs: Date.UTC(2026, 10, 24) })
    assert.ok(outcome.ok)
    return outcome.value
  }

  test('frees its units; again it changes nothing; it is received no more', () => {
    for (const status of ['withdrawn', 'closed'] as const) {
      const { order, returned } = requested(arrived([{ price: 100, quantity: 3 }]), one)
      assert.equal(refusal(order, one), 'RETURN_TOO_LARGE')
      const after = ended(order, returned, status)
      assert.ok(after)
      assert.deepEqual(
        {
          status: after.returned.status,
          endedAt: after.returned.endedAt,
          by: after.returned.by,
          version: after.returned.version,
        },
        { status, endedAt: '2026-11-24T00:00:00.000Z', by: 'usr_1', version: 2 },
      )
      assert.equal(ended(after.order, after.returned), undefined)
      assert.equal(refusal(after.order, one), 'accepted')
      const late = markReceived(after.order, after.returned, { by: 'usr_1', atMs: 0 })
      assert.equal(late.ok ? 'received' : late.reason, 'RETURN_ENDED')
    }
  })

  test('one that is received cannot be withdrawn any more', () => {
    const { order, returned } = requested(arrived([{ price: 100, quantity: 4 }]), one)
    const after = receivedAll(order, [returned.id])
    const [back] = after.returns
    assert.ok(back)
    const outcome = endReturn(after, back, { status: 'withdrawn', atMs: 0 })
    assert.equal(outcome.ok ? 'withdrawn' : outcome.reason, 'RETURN_RECEIVED')
  })

  test('does not count among the twenty, and the latest twenty are remembered', () => {
    let order = arrived([{ price: 100, quantity: 3 }])
    for (let count = 0; count < 50; count += 1) {
      const outcome = request(order, one, `ret_${count}`)
      assert.ok(outcome.ok)
      const after = ended(outcome.value.order, outcome.value.returned)
      assert.ok(after)
      order = after.order
    }
    assert.equal(order.returns.length, 21)
    assert.deepEqual(
      { oldest: order.returns[0]?.id, newest: order.returns.at(-1)?.id },
      { oldest: 'ret_29', newest: 'ret_49' },
    )
    assert.equal(refusal(order, one), 'accepted')
  })
})

describe('what arrives', () => {
  test('may be less than was announced, not more, and nothing else', () => {
    const announced = [
      { sku: 'S0', quantity: 2 },
      { sku: 'S1', quantity: 1 },
    ]
    const { order, returned } = requested(
      arrived([
        { price: 100, quantity: 2 },
        { price: 700, quantity: 1 },
      ]),
      announced,
    )
    const receive = (lines: ReturnLine[]) => markReceived(order, returned, { lines, by: 'usr_1', atMs: 0 })
    for (const lines of [[{ sku: 'S0', quantity: 3 }], [{ sku: 'S2', quantity: 1 }]]) {
      const outcome = receive(lines)
      assert.equal(outcome.ok ? 'received' : outcome.reason, 'NOT_ANNOUNCED')
    }
    const outcome = receive([{ sku: 'S0', quantity: 1 }])
    assert.ok(outcome.ok && outcome.value)
    const { returned: back, order: after } = outcome.value
    // 19 % of 2.00 on top: half of 2.38.
    assert.deepEqual(
      { lines: back.lines, announced: back.announced, refund: back.refund },
      { lines: [{ sku: 'S0', quantity: 1 }], announced, refund: eur(119) },
    )
    assert.equal(after.status, 'delivered')
    assert.equal(
      refusal(after, [
        { sku: 'S0', quantity: 1 },
        { sku: 'S1', quantity: 1 },
      ]),
      'accepted',
    )
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
          order.returns.every(({ status, version, receivedAt }) => status === 'received' && version >= 2 && receivedAt),
        )
      }),
    )
  })

  test('of a part leave the order as it is', () => {
    const { order, returned } = requested(arrived([{ price: 100, quantity: 3 }]), [{ sku: 'S0', quantity: 2 }])
    const after = receivedAll(order, [returned.id])
    assert.deepEqual(
      { status: after.status, deadline: after.deadline, timeline: after.timeline },
      { status: order.status, deadline: order.deadline, timeline: order.timeline },
    )
  })

  test('while other units are only announced, leave the order as it is', () => {
    const first = requested(arrived([{ price: 100, quantity: 3 }]), [{ sku: 'S0', quantity: 2 }])
    const second = requested(first.order, [{ sku: 'S0', quantity: 1 }])
    assert.equal(receivedAll(second.order, [second.returned.id]).status, 'delivered')
  })
})
