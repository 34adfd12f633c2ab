/**
 * What can be bought, under every interleaving: news of a few SKUs comes in any order, more than once, several at a time,
 * and any call may fail before it acts or lose its answer after it. The table is the simulation's model of DynamoDB.
 */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import { availabilityTable } from '../../../functions/catalog/availability/table.ts'
import type { Availability } from '../../../functions/catalog/products/domain.ts'
import { catalogTable } from '../../../functions/catalog/products/table.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { fc } from '../../support/property.ts'
import { createModel, type Operation } from '../../tools/simulation/cloud/model/model.ts'

type Fault = 'none' | 'before' | 'after'

const productId = 'prd_1'
const skus = ['A', 'B']

const product = {
  pk: `product#${productId}`,
  sk: 'product',
  gsi1pk: 'slug#kettle',
  gsi1sk: 'product',
  id: productId,
  slug: 'kettle',
  title: 'Kettle',
  description: '',
  category: 'kitchen',
  tags: [],
  images: [],
  variants: skus.map((sku) => ({ sku, options: {}, price: { amount: 1, currency: 'EUR' }, weightGrams: 1 })),
  availability: {},
  createdAt: '2026-01-01T00:00:00.000Z',
  state: 'active',
  version: 1,
  sequence: 1,
}

/** Of each SKU its news in the order in which it happened: numbers that change, the first of a stock item that is new. */
const history = fc
  .array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 7 })
  .map((levels) =>
    [0, ...levels]
      .flatMap((available, index, all): Availability[] =>
        index > 0 && available === all[index - 1] ? [] : [{ available, sequence: 0 }],
      )
      .map((news, index) => ({ ...news, sequence: index + 1 })),
  )

const runs = fc.tuple(...skus.map(() => history)).chain((histories) => {
  const all = histories.flatMap((ofSku, index) => ofSku.map((news) => ({ sku: skus[index] ?? '', news })))
  const shuffled = (list: typeof all) => fc.shuffledSubarray(list, { minLength: list.length })
  return fc.record({
    histories: fc.constant(histories),
    deliveries: fc.tuple(shuffled(all), fc.shuffledSubarray(all)).map((parts) => parts.flat()),
    /** So many go side by side. */
    wave: fc.integer({ min: 1, max: 5 }),
    faults: fc.array(fc.constantFrom<Fault>('none', 'none', 'none', 'before', 'after'), { maxLength: 30 }),
  })
})

describe('availability', () => {
  test('ends in the newest number and the right mark, whatever comes in between; they never disagree', async () => {
    const ends = new Set<string>()
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), runs, async (scheduler, { histories, deliveries, wave, faults }) => {
        const model = createModel({ now: () => 0, onWrite: () => undefined })
        model.createTable('catalog', { indexes: 3 })
        const execute = (name: string, input: object) => model.execute(name as Operation, { ...input })
        const items = () => model.items('catalog').map((item) => unmarshall(item))
        const levelOf = (sku: string): Availability | undefined => {
          const found = items().find(({ sk }) => sk === `product#availability#${sku}`)
          return found && { available: found.available, sequence: found.sequence }
        }
        const check = () => {
          const marks: Record<string, Availability> = items().find(({ sk }) => sk === 'product')?.availability
          for (const sku of skus)
            assert.equal((marks[sku]?.available ?? 0) > 0, (levelOf(sku)?.available ?? 0) > 0, `the mark of ${sku}`)
        }
        const left = [...faults]
        let calm = false
        const ask = async (operation: string, input: object) => {
          if (!calm) await scheduler.schedule(Promise.resolve())
          const fault = calm ? 'none' : (left.shift() ?? 'none')
          if (fault === 'before') throw new Error('ended before the call')
          const answer = execute(operation, input)
          check()
          if (fault === 'after') throw new Error('the answer was lost')
          return answer
        }
        const table = openTable({ ask, name: 'catalog', sleep: async () => {} })
        execute('PutItem', { TableName: 'catalog', Item: marshall(product) })
        const { show } = availabilityTable(table)
        const failed: typeof deliveries = []
        const deliver = async (delivery: (typeof deliveries)[number]) => {
          await show({ productId, sku: delivery.sku }, delivery.news).catch((error: unknown) => {
            if (error instanceof assert.AssertionError) throw error
            failed.push(delivery)
          })
        }
        for (let from = 0; from < deliveries.length; from += wave)
          await scheduler.waitFor(Promise.all(deliveries.slice(from, from + wave).map(deliver)))
        calm = true
        for (const delivery of failed.splice(0)) await deliver(delivery)
        assert.deepEqual(failed, [])
        const catalog = catalogTable(table)
        const shown = await catalog.getBySlug('kettle')
        assert.deepEqual(shown, await catalog.get(productId))
        for (const [index, sku] of skus.entries()) {
          const newest = histories[index]?.at(-1)
          assert.deepEqual(
            { level: levelOf(sku), available: shown?.available[sku] },
            { level: newest, available: newest?.available },
          )
          ends.add(newest?.available ? 'in stock' : 'sold out')
        }
      }),
      { numRuns: 150 },
    )
    assert.equal(ends.size, 2)
  })
})
