/**
 * Every call that the shop's functions make of their tables in some runs, with their faults, made once more of the engine
 * and of the model together: what a table module comes to ask of DynamoDB is compared without being listed anywhere.
 */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { startEngine } from '../support/engine.ts'
import type { Operation } from '../tools/simulation/cloud/model/model.ts'
import type { Backend } from '../tools/simulation/cloud/store.ts'
import type { SwitchableDoors } from '../tools/simulation/command/run.ts'
import { install } from '../tools/simulation/world/hooks.ts'
import { createTwin } from './model/twin.ts'

const seeds = [1, 2, 3, 4]
const shoppers = [1, 2]

Object.assign(process.env, {
  AWS_REGION: 'eu-central-1',
  POWERTOOLS_LOG_LEVEL: 'SILENT',
  POWERTOOLS_METRICS_DISABLED: 'true',
  POWERTOOLS_TRACE_ENABLED: 'false',
})

const doors: SwitchableDoors = { gate: undefined, fetch: undefined }
const noRun = (): never => {
  throw new Error('no run is on')
}
install(
  {
    gate: (...call) => (doors.gate ?? noRun)(...call),
    fetch: (...request) => (doors.fetch ?? noRun)(...request),
  },
  undefined,
)
// Only now: what is imported from here on is what the hooks make of it.
const { loadFunctions, services } = await import('../tools/simulation/world/functions.ts')
const { simulate } = await import('../tools/simulation/command/run.ts')
const { modelBackend } = await import('../tools/simulation/cloud/store.ts')

type Call = { operation: Operation; input: Record<string, unknown> }

const recordedBy =
  (calls: Call[]): Backend =>
  async (options) => {
    const store = await modelBackend(options)
    return {
      ...store,
      execute(operation, input) {
        calls.push({ operation: operation as Operation, input })
        return store.execute(operation, input)
      },
    }
  }

describe('the model of DynamoDB, asked by the shop’s functions', () => {
  test('is equal to the engine', async () => {
    const functions = await loadFunctions()
    const calls: Call[] = []
    for (const seed of seeds) await simulate({ seed, shoppers }, functions, recordedBy(calls), doors)

    const tables = services.flatMap(({ name, table, tables: further = {} }) => [
      ...(table ? [{ name, ...table }] : []),
      ...Object.entries(further).map(([furtherName, one]) => ({ name: furtherName, ...one })),
    ])
    const engine = await startEngine()
    try {
      const twin = createTwin(engine.url, () => 0)
      for (const { name, ...table } of tables) await twin.createTable(name, table)
      // Refusals are compared like answers, and are the recorded caller's affair.
      for (const { operation, input } of calls)
        await twin.call(operation, input).catch((error: unknown) => {
          if (error instanceof assert.AssertionError) throw error
        })
      for (const { name } of tables) await twin.checkItems(name)
      const met = new Set([...twin.met.keys()].map((kind) => kind.split(' ')[0]))
      assert.deepEqual([...met].sort(), [
        'BatchGetItem',
        'DeleteItem',
        'GetItem',
        'PutItem',
        'Query',
        'TransactWriteItems',
        'UpdateItem',
      ])
    } finally {
      engine.stop()
    }
  })
})
