import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openTable } from '../../shared/runtime/table.ts'
import { startEngine } from '../support/engine.ts'
import { fc } from '../support/property.ts'
import { someCondition } from './model/random-expressions.ts'
import { perform, someAttributes, somePlays } from './model/random-operations.ts'
import { createTwin, type Twin } from './model/twin.ts'

/** The same sequences every day; others by MODEL_SEED and MODEL_RUNS. */
const seed = Number(process.env.MODEL_SEED ?? 20_261_121)
const numRuns = Number(process.env.MODEL_RUNS ?? 100)

const nowMs = Date.UTC(2026, 10, 21)

let engine: Awaited<ReturnType<typeof startEngine>>
let tables = 0
before(async () => {
  engine = await startEngine()
})
after(() => engine.stop())

const newTable = async (twin: Twin): Promise<string> => {
  tables += 1
  const name = `model-${process.pid}-${tables}`
  await twin.createTable(name, { indexes: 3, keysOnly: [2] })
  return name
}

/** What the sequences must have come to, for a comparison of them to say anything. */
const mustBeMet = [
  ...['GetItem', 'BatchGetItem', 'Query', 'Query cut', 'Query ValidationException'],
  ...['PutItem', 'PutItem ConditionalCheckFailedException'],
  ...['UpdateItem', 'UpdateItem ConditionalCheckFailedException', 'UpdateItem ValidationException'],
  ...['DeleteItem', 'DeleteItem ConditionalCheckFailedException'],
  ...['', ' ConditionalCheckFailed', ' ValidationError', ' IdempotentParameterMismatchException'].map(
    (outcome) => `TransactWriteItems${outcome}`,
  ),
]

describe('the model of DynamoDB', () => {
  test('is equal to the engine, whatever the table module asks of both: answers, refusals, contents', async () => {
    const twin = createTwin(engine.url, () => nowMs)
    await fc.assert(
      fc.asyncProperty(somePlays, async (plays) => {
        const name = await newTable(twin)
        const table = openTable({ ask: twin.call, name, now: () => nowMs })
        for (const play of plays) await perform(twin, table, name, play)
        await twin.checkItems(name)
      }),
      { seed, numRuns },
    )
    const missing = mustBeMet.filter((kind) => !twin.met.has(kind))
    assert.deepEqual(missing, [], 'these outcomes were never compared')
  })

  test('finds conditions true or false as the engine does', async () => {
    const twin = createTwin(engine.url, () => nowMs)
    const cases = fc.array(fc.record({ attributes: someAttributes, when: someCondition }), {
      minLength: 50,
      maxLength: 100,
    })
    await fc.assert(
      fc.asyncProperty(cases, async (given) => {
        const name = await newTable(twin)
        const table = openTable({ ask: twin.call, name, now: () => nowMs })
        const items = given.map(({ attributes, when }, index) => ({
          when,
          key: { pk: 'a', sk: `${index}` },
          attributes,
        }))
        await table.write(items.map(({ attributes, key }) => ({ put: { ...attributes, ...key } })))
        // One call tells of each condition whether it held.
        await table.write(items.map(({ key, when }) => ({ check: key, when, else: 'false' })))
      }),
      { seed, numRuns: Math.ceil(numRuns / 4) },
    )
  })

  test('gives no item to those who did not ask for it when a condition fails', async () => {
    const twin = createTwin(engine.url, () => nowMs)
    const TableName = await newTable(twin)
    const put = { TableName, Item: { pk: { S: 'a' }, sk: { S: 'b' } }, ConditionExpression: 'attribute_not_exists(pk)' }
    await twin.call('PutItem', put)
    for (const asked of [undefined, 'NONE', 'ALL_OLD']) {
      const again = { ...put, ...(asked ? { ReturnValuesOnConditionCheckFailure: asked } : {}) }
      await assert.rejects(twin.call('PutItem', again), { name: 'ConditionalCheckFailedException' })
      const TransactItems = [{ Put: { TableName, Item: { pk: { S: 'a' }, sk: { S: 'c' } } } }, { Put: again }]
      await assert.rejects(twin.call('TransactWriteItems', { TransactItems }), { name: 'TransactionCanceledException' })
    }
  })
})
