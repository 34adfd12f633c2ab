import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Findings, reportOf } from '../tools/replay/checking/report.ts'
import { bar, createProgress } from '../tools/replay/driving/progress.ts'
import { createTally, type Tally } from '../tools/replay/invoices/tally.ts'

const tallyOf = (counts: Record<string, number>): Tally => {
  const tally = createTally()
  for (const [name, count] of Object.entries(counts)) tally.add(name, `such as ${name}`, count)
  return tally
}

const findings: Findings = {
  file: 'invoices.csv',
  currency: 'EUR',
  plan: {
    products: [],
    lines: { read: 1234, sold: 1000, returned: 30, duplicates: 4, leftOut: tallyOf({ 'no price': 4, postage: 200 }) },
    invoices: { read: 90, replayed: 70, empty: 5, beyondLimit: 15, unknownCountries: tallyOf({ Unspecified: 1 }) },
  },
  stocked: { created: 40, existing: 2, units: 50_000 },
  driven: {
    outcomes: tallyOf({ confirmed: 60, 'cancelled: declined': 3, 'cancelled: expired': 1 }),
    refusals: tallyOf({ ITEM_UNAVAILABLE: 2 }),
    returns: {
      lines: tallyOf({ 'its order cancelled': 3 }),
      refusals: tallyOf({ NOT_CANCELLABLE: 1 }),
      refunded: 1234,
    },
  },
  reconciliation: {
    orders: 64,
    skus: 42,
    money: { total: 500_000, captured: 400_000, outstanding: 101_234, refunded: 1234 },
    stock: { received: 50_000, free: 10_000, reserved: 15_000, sold: 25_000 },
    ledger: 0,
    wrong: [],
  },
  events: {
    published: new Map([['a', 700]]),
    consumersOf: new Map([['a', 2]]),
    consumers: [{ name: 'c', accepted: 1400, passed: 1398, givenUp: 2, waiting: 0 }],
    queues: [],
  },
  cpu: { functionsMs: 6400, mainMs: 640 },
  seconds: 32,
  requests: 1280,
  wrong: [],
}

const has = (report: string, ...texts: string[]): void => {
  for (const text of texts) assert.ok(report.includes(text), `"${text}" is missing in:\n${report}`)
}

describe('the report', () => {
  test('says what was left out and why, most frequent first', () => {
    const report = reportOf(findings)
    has(report, '1,234, of them 4 exact duplicates', 'lines left out                 204')
    assert.ok(report.indexOf('200  postage (such as postage)') < report.indexOf('4  no price (such as no price)'))
    has(report, '15 beyond the limit', '1  Unspecified', '40 made, 2 there before')
  })

  test('counts orders placed, confirmed, cancelled and refused, with reasons', () => {
    has(reportOf(findings), 'placed                         64', 'confirmed                      60')
    has(reportOf(findings), 'cancelled by the shop          4', '3  declined', '1  expired', '2  ITEM_UNAVAILABLE')
    has(reportOf(findings), '1  NOT_CANCELLABLE', 'refunded                       €12.34')
  })

  test('shows each sum that must add up', () => {
    const report = reportOf(findings)
    has(report, 'received = on hand + reserved + sold', '50,000 = 10,000 + 15,000 + 25,000')
    has(report, 'total = captured + outstanding - refunded', '€5,000.00 = €4,000.00 + €1,012.34 - €12.34')
    has(report, 'ledger                         sums to 0')
    has(report, '700 published, 1,400 deliveries', '1,400 = 1,398 consumed + 2 in a dead-letter queue')
    has(report, 'Everything adds up.')
  })

  test('shows orders per second and CPU per order, and says what is counted', () => {
    has(reportOf(findings), 'orders per second              2.0 (20 requests each)')
    has(reportOf(findings), '100.0 ms in functions (worker threads), consumers and all', '10.0 ms in gateway')
  })

  test('says what cannot be seen of a shop elsewhere', () => {
    const report = reportOf({ ...findings, events: undefined, cpu: undefined })
    has(report, 'events                         cannot be seen from outside the shop')
    has(report, 'CPU per order                  cannot be seen from outside the shop')
  })

  test('names what does not add up, and does not drown in it', () => {
    const wrong = Array.from({ length: 25 }, (_, n) => `SKU ${n}: wrong`)
    const report = reportOf({ ...findings, wrong })
    has(report, '25 things do not add up:', '- SKU 19: wrong', '- and 5 more')
    assert.ok(!report.includes('Everything adds up'))
    assert.ok(!report.includes('SKU 20: wrong'))
    has(reportOf({ ...findings, wrong: ['one'] }), '1 thing does not add up:')
  })
})

describe('progress', () => {
  const follow = (isTTY: boolean) => {
    let text = ''
    let nowMs = 0
    const output = { isTTY, columns: 80, write: (more: string) => (text += more) }
    const progress = createProgress(output, () => nowMs)
    return { progress, pass: (ms: number) => (nowMs += ms), text: () => text }
  }

  test('is a line every five seconds where nobody watches', () => {
    const { progress, pass, text } = follow(false)
    progress.begin('replaying', 100)
    for (let second = 0; second < 10; second += 1) {
      pass(1000)
      progress.advance(5)
    }
    assert.equal(progress.end(), 10)
    assert.equal(text(), 'replaying: 25 % 15 s left\nreplaying: 50 % 10 s left\nreplaying: 10.0 s\n')
  })

  test('is a bar in a terminal, redrawn in place at most ten times a second', () => {
    const { progress, pass, text } = follow(true)
    progress.begin('replaying', 10)
    for (let step = 0; step < 10; step += 1) {
      pass(50)
      progress.advance()
    }
    progress.end()
    const drawn = text().split('\r\u001b[2K')
    assert.equal(drawn.length, 1 + 1 + 5 + 1)
    assert.match(drawn.at(-2) ?? '', /^replaying █{40} 100 % $/)
    assert.equal(drawn.at(-1), 'replaying: 0.5 s\n')
  })

  test('a bar fills from left to right and never beyond its width', () => {
    assert.deepEqual(
      [0, 0.5, 1, 2].map((share) => bar(share, 4)),
      ['░░░░', '██░░', '████', '████'],
    )
  })

  test('no work at all is done at once', () => {
    const { progress, text } = follow(false)
    progress.begin('nothing', 0)
    assert.equal(progress.end(), 0)
    assert.equal(text(), 'nothing: 0.0 s\n')
  })
})
