import assert from 'node:assert/strict'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { fc } from '../support/property.ts'
import { meaningOf, noProduct, skuOf } from '../tools/replay/invoices/catalogue.ts'
import { countryCode } from '../tools/replay/invoices/countries.ts'
import { type Row, readRows } from '../tools/replay/invoices/csv.ts'
import { cartsOf, createPlanner, type Plan, type Step, shouldConfirm } from '../tools/replay/invoices/orders.ts'

const planFile = async (limit?: number): Promise<Plan> => {
  const planner = createPlanner()
  for await (const row of readRows(join(import.meta.dirname, 'fixtures/invoices.csv'))) planner.add(row)
  return planner.plan(limit)
}

const row = (more: Partial<Row>): Row => ({
  line: 2,
  invoice: '100001',
  code: '10001',
  description: 'BELL',
  quantity: 1,
  at: '2011-01-03 09:00:00',
  price: 100,
  customer: '501',
  country: 'France',
  ...more,
})

const planRows = (...rows: Partial<Row>[]): Plan => {
  const planner = createPlanner()
  for (const each of rows) planner.add(row(each))
  return planner.plan()
}

const ordersIn = (planned: Plan) => planned.steps.flatMap((step) => (step.kind === 'orders' ? step.orders : []))

let plan: Plan
before(async () => {
  plan = await planFile()
})

describe('the catalogue', () => {
  const product = (sku: string) => plan.products.find((each) => each.sku === sku)

  test('holds what was sold, once whatever the case of its code', () => {
    assert.deepEqual(plan.products.map(({ sku }) => sku).sort(), ['10001', '10002A', '10003', '10004', '10006'])
  })

  test('takes the latest description and the latest price', () => {
    assert.deepEqual(product('10001'), {
      sku: '10001',
      title: 'Brass bell of the harbour',
      slug: 'brass-bell-of-the-harbour-10001',
      category: 'other',
      price: 1350,
    })
    assert.equal(product('10003')?.price, 105)
    // Two sold at the same moment: the later in the file.
    assert.equal(planRows({ price: 100 }, { invoice: '100002', price: 90 }).products[0]?.price, 90)
    assert.equal(planRows({ invoice: '2', at: '2011-01-09 09:00:00', price: 7 }, { price: 9 }).products[0]?.price, 7)
  })

  test('keeps the description where a later line has none, and makes one up where no line has any', () => {
    assert.equal(product('10003')?.title, 'Set of 6 cork coasters')
    assert.equal(planRows({ description: '' }).products[0]?.title, 'Article 10001')
    assert.equal(planRows({}, { at: '2011-01-04 09:00:00', description: '' }).products[0]?.title, 'Bell')
  })

  test('leaves alone what has small letters, and shelves by words', () => {
    assert.equal(product('10006')?.title, 'wall clock with Anchor')
    assert.equal(product('10006')?.category, 'decoration')
    assert.equal(product('10004')?.category, 'lights')
    assert.equal(product('10002A')?.category, 'kitchen')
  })

  test('gives every product a slug and a SKU of the form that the shop takes', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 40 }),
        fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,20}$/),
        (text, code) => {
          fc.pre(noProduct(code) === undefined)
          const made = planRows({ description: text.trim(), code }).products[0]
          assert.ok(made)
          assert.match(made.sku, /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/)
          assert.match(made.slug, /^[a-z0-9]+(?:-[a-z0-9]+)*$/)
          assert.ok(made.title.length >= 1 && made.title.length <= 100)
        },
      ),
    )
  })

  test('codes that are no product say what they are', () => {
    assert.equal(noProduct('POST'), 'no product: postage')
    assert.equal(noProduct('m'), 'no product: manual entry')
    assert.equal(noProduct('BANK CHARGES'), 'no product: bank charges')
    assert.equal(noProduct('gift_0001_30'), 'no product: gift voucher')
    assert.equal(noProduct('A B'), 'no product: the stock code cannot be a SKU')
    assert.equal(noProduct('constructor'), undefined)
    assert.equal(noProduct('DCGS0076'), undefined)
    assert.equal(skuOf(' 85123a '), '85123A')
  })
})

describe('lines that are left out', () => {
  test('are counted under a reason, with an example', () => {
    assert.deepEqual(
      plan.lines.leftOut.entries().map(({ name, count, example }) => `${count} ${name} (${example})`),
      [
        '1 a negative price (line 18)',
        '1 a negative quantity outside a cancelled invoice (written off) (line 16)',
        '1 no price (given away) (line 17)',
        '1 no product: bad debt (line 21)',
        '1 no product: discount (line 15)',
        '1 no product: gift voucher (line 20)',
        '1 no product: postage (line 4)',
        '1 the quantity is no whole number (line 19)',
      ],
    )
    const { leftOut, read, sold, returned } = plan.lines
    assert.equal(read, leftOut.total() + sold + returned)
  })

  test('further reasons', () => {
    const reason = (more: Partial<Row>) => {
      const meaning = meaningOf(row(more))
      return meaning.kind === 'left-out' ? meaning.reason : meaning.kind
    }
    assert.equal(reason({ quantity: 0 }), 'quantity 0')
    assert.equal(reason({ quantity: 99_901 }), 'quantity over 99900')
    assert.equal(reason({ invoice: 'C1' }), 'a positive quantity in a cancelled invoice')
    assert.equal(reason({ invoice: 'A1' }), 'an invoice number of another kind')
    assert.equal(reason({ invoice: 'C1', quantity: -1, price: 0 }), 'return')
    assert.equal(reason({}), 'sale')
  })

  test('a line is left out or counted as sold or given back, never both', () => {
    const values = {
      invoice: fc.constantFrom('1', 'C1', 'A1'),
      code: fc.constantFrom('10001', 'POST', 'A B'),
      quantity: fc.integer({ min: -2000, max: 2000 }),
      price: fc.integer({ min: -5, max: 500 }),
    }
    fc.assert(
      fc.property(fc.array(fc.record(values), { maxLength: 30 }), (rows) => {
        const { lines, demand } = planRows(...rows)
        assert.equal(lines.read, rows.length)
        assert.equal(lines.read, lines.leftOut.total() + lines.sold + lines.returned)
        const asked = rows.filter(({ invoice, code, quantity, price }) => {
          return invoice === '1' && code === '10001' && quantity > 0 && price > 0
        })
        assert.equal(
          demand.get('10001') ?? 0,
          asked.reduce((sum, { quantity }) => sum + quantity, 0),
        )
      }),
    )
  })
})

describe('invoices', () => {
  test('become orders and returns in time order, whatever their order in the file', () => {
    assert.deepEqual(
      plan.steps.map(({ invoice }) => invoice),
      [
        '100001',
        '100002',
        '100003',
        '100004',
        'C100005',
        'C100006',
        'C100007',
        'C100008',
        '100014',
        'C100015',
        'C100016',
        '100017',
        '100018',
        '100019',
      ],
    )
    const late = planRows({ invoice: '1', at: '2011-02-01 00:00:00' }, { invoice: '2', at: '2011-01-01 00:00:00' })
    assert.deepEqual(
      late.steps.map(({ invoice }) => invoice),
      ['2', '1'],
    )
  })

  test('with nothing left to order are counted', () => {
    assert.deepEqual(
      {
        read: plan.invoices.read,
        replayed: plan.invoices.replayed,
        empty: plan.invoices.empty,
        beyondLimit: plan.invoices.beyondLimit,
      },
      { read: 19, replayed: 14, empty: 5, beyondLimit: 0 },
    )
  })

  test('a limit takes the earliest, and the catalogue from these', async () => {
    const two = await planFile(2)
    assert.deepEqual(
      two.steps.map(({ invoice }) => invoice),
      ['100001', '100002'],
    )
    assert.equal(two.invoices.beyondLimit, 17)
    assert.deepEqual(
      two.products.map(({ sku }) => sku),
      ['10001', '10002A', '10003'],
    )
    assert.equal(two.demand.get('10003'), 6)
  })

  test('the same SKU twice is added up, exact duplicates too, and these are counted', () => {
    const step = plan.steps.find(({ invoice }) => invoice === '100003')
    assert.ok(step?.kind === 'orders')
    assert.deepEqual(
      step.orders.map(({ key, lines }) => [key, lines]),
      [
        [
          '100003-1',
          [
            { sku: '10003', quantity: 99 },
            { sku: '10001', quantity: 2 },
          ],
        ],
        ['100003-2', [{ sku: '10003', quantity: 51 }]],
      ],
    )
    assert.equal(plan.lines.duplicates, 1)
  })

  test('what comes back has positive quantities', () => {
    const step: Step | undefined = plan.steps.find(({ invoice }) => invoice === 'C100005')
    assert.ok(step?.kind === 'return')
    assert.deepEqual(
      { customer: step.customer, lines: step.lines },
      { customer: '501', lines: [{ sku: '10001', quantity: 2 }] },
    )
  })

  test('countries are ISO codes; a name that is none is home, and counted', () => {
    const countries = ordersIn(plan).map(({ key, country }) => `${key} ${country}`)
    assert.deepEqual(countries.slice(0, 5), ['100001-1 GB', '100002-1 IE', '100003-1 DE', '100003-2 DE', '100004-1 GB'])
    assert.deepEqual(plan.invoices.unknownCountries.entries(), [
      { name: 'Unspecified', count: 2, example: 'invoice 100004' },
    ])
    assert.equal(countryCode('Channel Islands'), 'JE')
    assert.equal(countryCode('RSA'), 'ZA')
    assert.equal(countryCode('constructor'), undefined)
  })
})

describe('carts', () => {
  const Lines = fc.array(
    fc.record({
      sku: fc.constantFrom(...Array.from({ length: 150 }, (_, n) => `S${n}`)),
      quantity: fc.integer({ min: 1, max: 5000 }),
    }),
    { maxLength: 400 },
  )
  const unitsOf = (lines: readonly { sku: string; quantity: number }[]) => {
    const units: Record<string, number> = {}
    for (const { sku, quantity } of lines) units[sku] = (units[sku] ?? 0) + quantity
    return units
  }

  test('hold all that was asked for, within what a cart takes', () => {
    fc.assert(
      fc.property(Lines, (lines) => {
        const carts = cartsOf(lines)
        assert.deepEqual(unitsOf(carts.flat()), unitsOf(lines))
        for (const cart of carts) {
          assert.ok(cart.length >= 1 && cart.length <= 100)
          assert.equal(new Set(cart.map(({ sku }) => sku)).size, cart.length)
          assert.ok(cart.every(({ quantity }) => quantity >= 1 && quantity <= 99))
        }
      }),
    )
  })

  test('are as few as can be for an ordinary invoice: one', () => {
    assert.equal(cartsOf(Array.from({ length: 100 }, (_, n) => ({ sku: `S${n}`, quantity: 99 }))).length, 1)
  })
})

describe('the dice', () => {
  const fates = Array.from({ length: 4000 }, (_, n) => ordersIn(planRows({ invoice: String(500_000 + n) }))[0])

  test('give every order the same fate each time', () => {
    assert.deepEqual(ordersIn(planRows({ invoice: '500000' })), fates.slice(0, 1))
  })

  test('let most orders be paid and sent, and a few go every other way', () => {
    const share = (holds: (fate: NonNullable<(typeof fates)[number]>) => boolean) =>
      fates.filter((fate) => fate !== undefined && holds(fate)).length / fates.length
    const about = (actual: number, wanted: number) =>
      assert.ok(Math.abs(actual - wanted) < 0.03, `${actual} is not about ${wanted}`)
    about(
      share(({ payment }) => payment === 'sandbox_ok'),
      0.92,
    )
    about(share(shouldConfirm), 0.96)
    about(
      share(({ fulfilment }) => fulfilment === 'delivered'),
      0.5,
    )
    about(
      share(({ fulfilment }) => fulfilment === 'none'),
      0.4,
    )
    for (const method of ['sandbox_declined', 'sandbox_insufficient_funds', 'sandbox_flaky', 'sandbox_action_required'])
      assert.ok(
        fates.some((fate) => fate?.payment === method),
        method,
      )
    assert.ok(fates.some((fate) => fate?.payment === 'sandbox_action_required' && fate.confirmation === 'failure'))
  })
})
