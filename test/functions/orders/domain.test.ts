import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  type Draft,
  type Order,
  place,
  placedAtOf,
  type Trigger,
  timeouts,
  transition,
  transitions,
} from '../../../functions/orders/domain.ts'
import { eventsFor } from '../../../functions/orders/events-of.ts'
import { outside, taxAreas } from '../../../functions/orders/tax/areas.ts'
import { taxContained, taxOnTop, taxRateOf, taxRates } from '../../../functions/orders/tax/domain.ts'
import { fc } from '../../support/property.ts'

const eur = (amount: number) => ({ amount, currency: 'EUR' })
const id = 'ord_01ARZ3NDEKTSV4RRFFQ69G5FAV'

const draftOf = (more: Partial<Draft> = {}): Draft => ({
  id,
  requestHash: 'hash',
  customerId: 'gst_1',
  atMs: Date.UTC(2026, 10, 21),
  currency: 'EUR',
  pricesIncludeTax: false,
  cart: { id: 'crt_1', version: 1, lines: [{ sku: 'A', quantity: 1 }] },
  variants: [{ sku: 'A', productId: 'prd_1', title: 'A', unitPrice: eur(1000), weightGrams: 1 }],
  shippingMethod: { id: 'standard', title: 'Standard', price: eur(490) },
  shippingAddress: { name: 'A', line1: 'B', city: 'C', postalCode: '1', country: 'DE' },
  paymentMethod: 'sandbox_ok',
  ...more,
})

const placed = (more: Partial<Draft> = {}): Order => {
  const outcome = place(draftOf(more))
  assert.ok(outcome.ok)
  return outcome.value
}

const drafts = fc.record({
  prices: fc.array(
    fc.record({ price: fc.integer({ min: 0, max: 10_000_000 }), quantity: fc.integer({ min: 1, max: 999 }) }),
    { minLength: 1, maxLength: 20 },
  ),
  shipping: fc.integer({ min: 0, max: 100_000 }),
  country: fc.constantFrom('DE', 'FI', 'CH', 'US', 'JP'),
  pricesIncludeTax: fc.boolean(),
})

describe('totals', () => {
  test('M4: total = lines - discount + shipping + tax; or without the tax where prices hold it', () => {
    fc.assert(
      fc.property(drafts, ({ prices, shipping, country, pricesIncludeTax }) => {
        const order = placed({
          pricesIncludeTax,
          cart: {
            id: 'crt_1',
            version: 1,
            lines: prices.map(({ quantity }, index) => ({ sku: `S${index}`, quantity })),
          },
          variants: prices.map(({ price }, index) => ({
            sku: `S${index}`,
            productId: `prd_${index}`,
            title: 'S',
            unitPrice: eur(price),
            weightGrams: 1,
          })),
          shippingMethod: { id: 's', title: 'S', price: eur(shipping) },
          shippingAddress: { name: 'A', line1: 'B', city: 'C', postalCode: '1', country },
        })
        const lines = prices.reduce((sum, { price, quantity }) => sum + price * quantity, 0)
        assert.equal(order.subtotal.amount, lines)
        assert.equal(
          order.total.amount,
          lines - order.discount.amount + shipping + (pricesIncludeTax ? 0 : order.tax.amount),
        )
        const basisPoints = taxRateOf({ country }, placedAtOf(order))
        const taxOf = pricesIncludeTax ? taxContained : taxOnTop
        const perLine = order.lines.map(({ total, tax }) => {
          assert.equal(tax.amount, taxOf(total.amount, basisPoints))
          return tax.amount
        })
        assert.equal(
          order.tax.amount,
          perLine.reduce((sum, amount) => sum + amount, taxOf(shipping, basisPoints)),
        )
        assert.ok(Number.isSafeInteger(order.total.amount))
      }),
    )
  })

  test('tax is rounded half up per line; what is contained and what is added agree', () => {
    assert.equal(taxOnTop(50, 1900), 10)
    assert.equal(taxOnTop(1, 5000), 1)
    assert.equal(taxOnTop(333, 1900), 63)
    assert.equal(taxContained(1190, 1900), 190)
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1_000_000_000_000 }),
        fc.integer({ min: 0, max: 3000 }),
        (net, basisPoints) => {
          const gross = net + taxOnTop(net, basisPoints)
          return taxContained(gross, basisPoints) === gross - net
        },
      ),
    )
  })

  test('rounds by at most half a minor unit, and up from the half', () => {
    const amounts = fc.integer({ min: 0, max: 1_000_000_000_000 })
    const rates = fc.integer({ min: 0, max: 10_000 })
    fc.assert(
      fc.property(amounts, rates, (amountMinor, basisPoints) => {
        const exact = (numerator: bigint, denominator: bigint, rounded: number) => {
          const off = 2n * (BigInt(rounded) * denominator - numerator)
          assert.ok(-denominator < off && off <= denominator)
        }
        const product = BigInt(amountMinor) * BigInt(basisPoints)
        exact(product, 10_000n, taxOnTop(amountMinor, basisPoints))
        exact(product, BigInt(10_000 + basisPoints), taxContained(amountMinor, basisPoints))
      }),
    )
  })

  test('a rate is that of the country on the day', () => {
    assert.equal(taxRateOf({ country: 'DE' }, '2020-06-30'), 1900)
    assert.equal(taxRateOf({ country: 'DE' }, '2020-07-01T00:00:00Z'), 1600)
    assert.equal(taxRateOf({ country: 'DE' }, '2026-11-21'), 1900)
    assert.equal(taxRateOf({ country: 'US' }, '2026-11-21'), 0)
    assert.equal(new Set(taxRates.map(({ area, from }) => area + from)).size, taxRates.length)
  })
})

const triggers: Trigger[] = [
  { type: 'stock.reserved' },
  { type: 'stock.rejected', shortages: [] },
  { type: 'payment.authorized' },
  { type: 'payment.declined', declineCode: 'card_declined' },
  { type: 'shipment.dispatched' },
  { type: 'shipment.delivered' },
  { type: 'return.received' },
  { type: 'shipment.stopped', reason: 'by-staff' },
  { type: 'cancel', reason: 'by-customer' },
  { type: 'overdue' },
]

describe('the tax of a place', () => {
  const rateOf = (country: string, postalCode?: string, day = '2026-01-15') => taxRateOf({ country, postalCode }, day)

  test('is none outside the area of value added tax of its country (Directive 2006/112/EC, Articles 5 and 6)', () => {
    for (const [country, postalCode] of [
      ...[['ES', '35001'] as const, ['ES', '38 001'] as const, ['ES', '51001'] as const, ['ES', '52001'] as const],
      ...[['DE', '27498'] as const, ['DE', '78266'] as const, ['IT', '23041'] as const, ['IT', '22061'] as const],
      ...[['IT', '47890'] as const, ['IT', '00120'] as const, ['GR', '630 86'] as const, ['DK', '3900'] as const],
      ...['97100', '97200', '97300', '97400', '97600', '97150', '98800'].map((code) => ['FR', code] as const),
      ...[['FI', '22100'] as const, ['AX', '22100'] as const, ['CH', '7562'] as const, ['NO', '9170'] as const],
      ...[
        ['GB', 'GY1 1AA'] as const,
        ['GB', 'JE2 3AB'] as const,
        ['GB', 'BFPO 61'] as const,
        ['GG', 'GY1 1AA'] as const,
      ],
      ...['GP', 'MQ', 'GF', 'RE', 'YT', 'MF', 'SM', 'VA', 'AD', 'GI', 'FO', 'GL', 'US', 'JP'].map(
        (code) => [code, ''] as const,
      ),
    ])
      assert.equal(rateOf(country, postalCode), 0, `${country} ${postalCode}`)
  })

  test('is that of the country to whose area it belongs (Article 7)', () => {
    assert.equal(rateOf('MC', '98000'), 2000)
    assert.equal(rateOf('FR', '98000'), 2000)
    assert.equal(rateOf('IM', 'IM1 1AA'), 2000)
    assert.equal(rateOf('GB', 'BT1 5GS'), 2000)
    assert.equal(rateOf('LI', '9490'), 810)
  })

  test('is that of its own area within a country', () => {
    for (const code of ['6691', '6991', '6992', '6993']) assert.equal(rateOf('AT', code), 1900, code)
    for (const code of ['9000-039', '9400-001', '9499-999']) assert.equal(rateOf('PT', code), 2200, code)
    for (const code of ['9500-150', '9700-001', '9980-024']) assert.equal(rateOf('PT', code), 1600, code)
    assert.equal(rateOf('PT', '9500-150', '2021-06-30'), 1800)
  })

  test('next to these is that of the country', () => {
    for (const [country, postalCode, basisPoints] of [
      ['ES', '28013', 2100],
      ['ES', '07001', 2100],
      ['DE', '27472', 1900],
      ['DE', '78262', 1900],
      ['IT', '22060', 2200],
      ['IT', '23030', 2200],
      ['FR', '75001', 2000],
      ['FR', '20000', 2000],
      ['FI', '00100', 2550],
      ['GR', '630 80', 2400],
      ['DK', '4000', 2500],
      ['AT', '6600', 2000],
      ['PT', '8999-999', 2300],
      ['GB', 'SW1A 1AA', 2000],
      ['CH', '7550', 810],
      ['NO', '9008', 2500],
    ] as const)
      assert.equal(rateOf(country, postalCode), basisPoints, `${country} ${postalCode}`)
  })

  test('has a source for each area, and rates for each that is not outside', () => {
    for (const { area, source } of taxAreas) {
      assert.ok(source.length > 10)
      assert.ok(area === outside || taxRates.some((rate) => rate.area === area), area)
    }
  })
})

describe('the life of an order', () => {
  test('O3: follows the table in any order of triggers; history is never rewritten', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...triggers), { maxLength: 30 }), (sequence) => {
        let order = placed()
        for (const trigger of sequence) {
          // A deadline passes just when it is asked about.
          const next = transition(order, trigger, trigger.type === 'overdue' ? Date.parse(order.deadline ?? '') : 0)
          if (!next) {
            assert.equal(transitions[order.status][trigger.type], undefined)
            continue
          }
          assert.equal(next.status, transitions[order.status][trigger.type])
          assert.deepEqual(next.timeline.slice(0, -1), order.timeline)
          assert.equal(next.status === 'cancelled', next.reason !== undefined)
          assert.deepEqual(next.total, order.total)
          order = next
        }
        const statuses = order.timeline.map(({ status }) => status)
        assert.equal(new Set(statuses).size, statuses.length, 'no status comes twice')
        if (statuses.includes('confirmed')) assert.ok(statuses.includes('awaiting-payment'), 'O4')
      }),
    )
  })

  test('every status that can last has a deadline, or may last', () => {
    for (const [status, row] of Object.entries(transitions))
      assert.equal('overdue' in row, ['placed', 'awaiting-payment', 'delivered'].includes(status), status)
  })

  test('has one deadline until it is confirmed; after it, nothing moves it on but its end', () => {
    const order = placed()
    const deadline = Date.parse(order.deadline ?? '')
    assert.equal(deadline - Date.parse(placedAtOf(order)), timeouts.unconfirmedMs)
    assert.equal(transition(order, { type: 'overdue' }, deadline - 1), undefined)
    const waiting = transition(order, { type: 'stock.reserved' }, deadline - 1)
    assert.ok(waiting)
    assert.deepEqual(
      { status: waiting.status, deadline: waiting.deadline },
      { status: 'awaiting-payment', deadline: order.deadline },
    )
    assert.equal(transition(waiting, { type: 'payment.authorized' }, deadline - 1)?.status, 'confirmed')
    for (const [late, trigger] of [
      [order, { type: 'stock.reserved' }],
      [waiting, { type: 'payment.authorized' }],
      [waiting, { type: 'overdue' }],
    ] as const) {
      const after = transition(late, trigger, deadline)
      assert.deepEqual(
        { status: after?.status, reason: after?.reason, deadline: after?.deadline },
        { status: 'cancelled', reason: 'expired', deadline: undefined },
      )
    }
    // A refusal is told for what it is, however late.
    assert.equal(
      transition(waiting, { type: 'payment.declined', declineCode: 'card_declined' }, deadline)?.reason,
      'declined',
    )
  })

  test('cancellation tells everyone why', () => {
    const order = transition(placed(), { type: 'overdue' }, Date.parse(placed().deadline ?? ''))
    assert.ok(order)
    assert.deepEqual(
      eventsFor(order).map(({ type, data }) => [type, data.reason]),
      [['order.cancelled', 'expired']],
    )
  })
})
