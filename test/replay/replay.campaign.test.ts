/**
 * The replay against a whole shop of its own: a small file of the project's own making, and, where REPLAY_FILE names one,
 * the first REPLAY_LIMIT invoices of a real file (default 60; 0 takes all, which needs minutes).
 */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { sampleProducts } from '../../cdk/operate/samples/catalogue.ts'
import { loadSamples } from '../../cdk/operate/samples/load.ts'
import { readPlan, replay } from '../tools/replay/replay.ts'
import { entranceTo } from '../tools/replay/shop/entrance.ts'
import { runningShop, type Shop, startTemporaryShop } from '../tools/replay/shop/shop.ts'

const own = join(import.meta.dirname, 'fixtures/invoices.csv')
const silent = { write: () => true }

let shop: Shop
before(async () => {
  shop = await startTemporaryShop()
})
after(() => shop?.stop())

const replayed = async (invoices: string, against: Shop, limit?: number) => {
  const plan = await readPlan(invoices, limit)
  return replay(plan, against, { file: invoices, concurrency: 4, output: silent })
}

describe('the replay of a small file', () => {
  test('places, confirms, cancels and pays back, and everything adds up', async () => {
    const { findings, report } = await replayed(own, shop)
    assert.deepEqual(findings.wrong, [])
    assert.match(report, /Everything adds up\./)
    const { outcomes, refusals, returns } = findings.driven
    assert.equal(outcomes.total(), 9)
    assert.equal(refusals.total(), 0)
    assert.ok(returns.lines.total() >= 6)
    assert.ok(findings.events && findings.cpu)
    // 8 bells, 6 trays, 156 coasters, 15 holders, 3 clocks.
    assert.equal(findings.reconciliation.stock.received, 188)
    assert.equal(findings.reconciliation.ledger, 0)
  })

  test('again, from outside, on the same shop: begins from what is there, and adds up as well', async () => {
    const outside = runningShop(shop.url, {})
    const { findings, report } = await replayed(own, outside)
    assert.deepEqual(findings.wrong, [])
    assert.deepEqual(
      { created: findings.stocked.created, existing: findings.stocked.existing },
      { created: 0, existing: 5 },
    )
    assert.match(report, /cannot be seen from outside the shop/)
  })

  test('finds a unit that vanished while it looked away', async () => {
    const entrance = entranceTo(shop.url)
    const staff = await entrance.logIn(shop.staff)
    let settlements = 0
    const tampered: Shop = {
      ...shop,
      // The second time is when the last order is done.
      async settle() {
        await shop.settle()
        settlements += 1
        if (settlements < 2) return
        const body = { quantity: 1, reason: 'nobody knows' }
        await staff.expect('POST /stock/{sku}/adjustments', { params: { sku: '10004' }, key: 'vanish', body })
        await shop.settle()
      },
    }
    const { findings, report } = await replayed(own, tampered)
    entrance.close()
    assert.equal(findings.wrong.length, 1, findings.wrong.join('\n'))
    assert.match(findings.wrong[0] ?? '', /^SKU 10004: received \d+, but \d+ free/)
    assert.match(report, /1 thing does not add up:/)
  })
})

const file = process.env.REPLAY_FILE
if (file)
  describe('the replay of REPLAY_FILE', () => {
    const limit = Number(process.env.REPLAY_LIMIT ?? 60) || undefined

    test('adds up', async () => {
      const { findings, report } = await replayed(file, shop, limit)
      assert.deepEqual(findings.wrong, [], report)
      assert.ok(findings.driven.outcomes.of('confirmed') > 0)
    })
  })

describe('the sample catalogue', () => {
  test('loads into a shop, once', async () => {
    const entrance = entranceTo(shop.url)
    const staff = await entrance.logIn(shop.staff)
    const options = { shop: staff, currency: 'EUR' }
    assert.deepEqual(await loadSamples(options), { created: sampleProducts.length, existing: 0 })
    await shop.settle()
    assert.deepEqual(await loadSamples(options), { created: 0, existing: sampleProducts.length })
    const levels = await staff.expect('GET /stock/{sku}', { params: { sku: 'TAB-MUG-MUSTARD' } })
    assert.equal(levels.available, 2)
    entrance.close()
  })
})
