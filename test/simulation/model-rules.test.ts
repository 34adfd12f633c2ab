/** What the model refuses, remembers and tells, case by case; model.test.ts plays at random. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { startEngine } from '../support/engine.ts'
import { createModel, type Operation } from '../tools/simulation/cloud/model/model.ts'
import { createTwin, type Outcome } from './model/twin.ts'

const nowMs = Date.UTC(2026, 10, 21)
const options = { indexes: 3, keysOnly: [2] }

const keyOf = (pk: string, sk: string) => ({ pk: { S: pk }, sk: { S: sk } })
const named = (...names: string[]) => Object.fromEntries(names.map((name) => [`#${name}`, name]))
const one = { ':one': { N: '1' } }
const nameOf = (outcome: Outcome): string => ('error' in outcome ? outcome.error : 'success')

describe('the rules of the model of DynamoDB', () => {
  test('refuses as the engine does what no table module should ask', async () => {
    const engine = await startEngine()
    after(() => engine.stop())
    const twin = createTwin(engine.url, () => nowMs)
    const TableName = `refused-${process.pid}`
    await twin.createTable(TableName, options)
    const Key = keyOf('a', 'b')
    const query = {
      TableName,
      KeyConditionExpression: '#pk = :pk',
      ExpressionAttributeNames: { '#pk': 'pk' },
      ExpressionAttributeValues: { ':pk': { S: 'a' } },
    }
    const between = {
      ...query,
      KeyConditionExpression: '#pk = :pk AND #sk BETWEEN :from AND :to',
      ExpressionAttributeNames: named('pk', 'sk'),
      ExpressionAttributeValues: { ':pk': { S: 'a' }, ':from': { S: '2' }, ':to': { S: '1' } },
    }
    const update = (UpdateExpression: string, names: string[], values: object = one) => ({
      TableName,
      Key,
      UpdateExpression,
      ExpressionAttributeNames: named(...names),
      ExpressionAttributeValues: values,
    })
    const batch = (Keys: object[]) => ({ RequestItems: { [TableName]: { Keys } } })
    const puts = (count: number, sk: (index: number) => string) => ({
      TransactItems: Array.from({ length: count }, (_, index) => ({ Put: { TableName, Item: keyOf('a', sk(index)) } })),
    })
    const asked: [string, Operation, Record<string, unknown>][] = [
      ['a key without its second half', 'GetItem', { TableName, Key: { pk: { S: 'a' } } }],
      ['a key with more than a key', 'GetItem', { TableName, Key: { ...Key, x: { S: 'y' } } }],
      ['an empty key', 'GetItem', { TableName, Key: keyOf('a', '') }],
      ['an item without a key', 'PutItem', { TableName, Item: { pk: { S: 'a' } } }],
      ['an item with an empty key', 'PutItem', { TableName, Item: keyOf('', 'b') }],
      ['an empty key of an index', 'PutItem', { TableName, Item: { ...Key, gsi1pk: { S: '' } } }],
      ['a key of an index that is no text', 'PutItem', { TableName, Item: { ...Key, gsi2sk: { N: '1' } } }],
      ['a name that is not defined', 'UpdateItem', update('SET #a = #b', ['a'])],
      ['a name that is not used', 'UpdateItem', update('SET #a = :one', ['a', 'b'])],
      ['a value that is not defined', 'UpdateItem', update('SET #a = :one', ['a'], { ':two': { N: '2' } })],
      ['a value that is not used', 'UpdateItem', update('SET #a = :one', ['a'], { ...one, ':two': { N: '2' } })],
      ['an attribute changed twice', 'UpdateItem', update('SET #a = :one REMOVE #a', ['a'])],
      ['an attribute changed within another', 'UpdateItem', update('SET #a = :one, #a.#b = :one', ['a', 'b'])],
      ['a member of a map that is not there', 'UpdateItem', update('SET #a.#b = :one', ['a', 'b'])],
      ['a key changed', 'UpdateItem', update('SET #sk = :one', ['sk'])],
      ['an index’s key that becomes no text', 'UpdateItem', update('SET #gsi1pk = :one', ['gsi1pk'])],
      ['parentheses in parentheses', 'DeleteItem', { TableName, Key, ConditionExpression: '((attribute_exists(pk)))' }],
      ['no keys', 'BatchGetItem', batch([])],
      ['101 keys', 'BatchGetItem', batch(Array.from({ length: 101 }, (_, index) => keyOf('a', `${index}`)))],
      ['a key twice', 'BatchGetItem', batch([Key, Key])],
      ['no changes', 'TransactWriteItems', puts(0, String)],
      ['101 changes', 'TransactWriteItems', puts(101, String)],
      ['two changes of one item', 'TransactWriteItems', puts(2, () => 'b')],
      ['a page of none', 'Query', { ...query, Limit: 0 }],
      ['a range that ends before it begins', 'Query', between],
      ['a value that is not used', 'Query', { ...between, KeyConditionExpression: '#pk = :pk' }],
      ['a start that is not a key', 'Query', { ...query, ExclusiveStartKey: { pk: { S: 'a' } } }],
      ['a start that is more than a key', 'Query', { ...query, ExclusiveStartKey: { ...Key, x: { S: 'y' } } }],
      [
        'a consistent read of an index',
        'Query',
        { ...query, IndexName: 'gsi1', ExpressionAttributeNames: { '#pk': 'gsi1pk' }, ConsistentRead: true },
      ],
    ]
    for (const [what, operation, input] of asked) {
      const { engine: engines, model } = await twin.apart(operation, input)
      assert.deepEqual(
        { enginesName: nameOf(engines), modelName: nameOf(model) },
        { enginesName: 'ValidationException', modelName: 'ValidationException' },
        what,
      )
    }
    await twin.checkItems(TableName)
  })

  /**
   * Here the embedded engine is more lenient than DynamoDB, and the model is not.
   * - A query's keys cannot be empty, and the key that it starts from lies within it: DynamoDB answers "cannot contain an
   *   empty string value", "is outside query boundaries based on provided conditions", "does not match the range key
   *   predicate" (https://github.com/getmoto/moto/issues/7062, https://github.com/scylladb/scylladb/issues/26988).
   * - "You cannot use UpdateItem to update any primary key attributes" (API reference, AttributeValueUpdate): the engine
   *   does it in transactions.
   * - A path may not overlap another ("must remove or rewrite one of these paths"): the engine allows it in transactions.
   */
  test('refuses what DynamoDB refuses and the engine does not', async () => {
    const model = createModel({ now: () => nowMs, onWrite: () => assert.fail('nothing is written') })
    model.createTable('things', options)
    const query = (more: object, index = '') => ({
      TableName: 'things',
      KeyConditionExpression: '#pk = :pk AND begins_with(#sk, :from)',
      ExpressionAttributeNames: { '#pk': `${index}pk`, '#sk': `${index}sk` },
      ExpressionAttributeValues: { ':pk': { S: 'a' }, ':from': { S: 'note#' } },
      ...(index ? { IndexName: index } : {}),
      ...more,
    })
    const onIndex = { ...keyOf('x', 'y'), gsi1pk: { S: 'b' }, gsi1sk: { S: 'note#1' } }
    const refused = [
      query({ ExpressionAttributeValues: { ':pk': { S: '' }, ':from': { S: 'note#' } } }),
      query({ ExpressionAttributeValues: { ':pk': { S: 'a' }, ':from': { S: '' } } }),
      query({ ExclusiveStartKey: keyOf('b', 'note#1') }),
      query({ ExclusiveStartKey: keyOf('a', 'order') }),
      query({ ExclusiveStartKey: onIndex }, 'gsi1'),
    ]
    for (const input of refused)
      assert.throws(() => model.execute('Query', input), { name: 'ValidationException' }, JSON.stringify(input))

    const update = (UpdateExpression: string, name: string) => ({
      TransactItems: [
        {
          Update: {
            TableName: 'things',
            Key: keyOf('a', 'b'),
            UpdateExpression,
            ExpressionAttributeNames: named(name),
            ExpressionAttributeValues: one,
          },
        },
      ],
    })
    for (const input of [update('SET #pk = :one', 'pk'), update('SET #a = :one REMOVE #a', 'a')])
      assert.throws(() => model.execute('TransactWriteItems', input), { name: 'TransactionCanceledException' })
  })

  test('knows a transaction’s token for ten minutes, if the transaction had its effect', async () => {
    let clockMs = nowMs
    const written: string[] = []
    const model = createModel({ now: () => clockMs, onWrite: ({ after: item }) => written.push(`${item?.count?.N}`) })
    model.createTable('things', options)
    const add = (ClientRequestToken: string, ConditionExpression?: string) =>
      model.execute('TransactWriteItems', {
        ClientRequestToken,
        TransactItems: [
          {
            Update: {
              TableName: 'things',
              Key: keyOf('a', 'b'),
              UpdateExpression: 'SET #count = if_not_exists(#count, :zero) + :one',
              ExpressionAttributeNames: named('count'),
              ExpressionAttributeValues: { ...one, ':zero': { N: '0' } },
              ...(ConditionExpression ? { ConditionExpression } : {}),
            },
          },
        ],
      })
    assert.throws(() => add('first', 'attribute_exists(pk)'), { name: 'TransactionCanceledException' })
    add('first')
    add('first')
    clockMs += 10 * 60_000
    add('first')
    assert.throws(() => add('first', 'attribute_exists(pk)'), { name: 'IdempotentParameterMismatchException' })
    assert.deepEqual(written, ['1'])
    clockMs += 1
    add('first')
    assert.deepEqual(written, ['1', '2'])
  })

  test('tells of no write that changes nothing, as streams do not', async () => {
    const written: unknown[] = []
    const model = createModel({ now: () => nowMs, onWrite: (write) => written.push(write) })
    model.createTable('things', options)
    const Item = { ...keyOf('a', 'b'), lines: { L: [{ S: 'x' }] } }
    for (const _ of [1, 2]) model.execute('PutItem', { TableName: 'things', Item: structuredClone(Item) })
    model.execute('DeleteItem', { TableName: 'things', Key: keyOf('a', 'c') })
    assert.deepEqual(written, [{ table: 'things', key: { pk: 'a', sk: 'b' }, before: undefined, after: Item }])
  })

  test('does not guess: what it cannot do exactly is an error that says so', () => {
    const model = createModel({ now: () => nowMs, onWrite: () => undefined })
    model.createTable('things', options)
    const Item = { ...keyOf('a', 'b'), large: { N: `${2 ** 53 - 1}` }, part: { N: '0.5' } }
    model.execute('PutItem', { TableName: 'things', Item })
    const update = (UpdateExpression: string, names: string[], values: object = one) =>
      model.execute('UpdateItem', {
        TableName: 'things',
        Key: keyOf('a', 'b'),
        UpdateExpression,
        ExpressionAttributeNames: named(...names),
        ExpressionAttributeValues: values,
      })
    assert.throws(() => update('SET #large = #large + :one', ['large']), /cannot reckon with 9007199254740992/)
    assert.throws(() => update('SET #part = #part + :one', ['part']), /cannot reckon with 0.5/)
    assert.throws(() => update('ADD #large :one', ['large']), /knows no ADD/)
    assert.throws(() => update('SET status = :one', []), /names with a # only, not status/)
    assert.throws(() => update('SET #a[0] = :one', ['a']), /characters that the model does not know/)
    assert.throws(() => update('REMOVE #a.#b', ['a', 'b'], {}), /removes no members of maps/)
    const deletion = {
      TableName: 'things',
      Key: keyOf('a', 'b'),
      ConditionExpression: '#part IN (:one)',
      ExpressionAttributeNames: named('part'),
      ExpressionAttributeValues: one,
    }
    assert.throws(() => model.execute('DeleteItem', deletion), /knows no IN/)
    assert.throws(() => model.execute('GetItem', { TableName: 'nothing', Key: keyOf('a', 'b') }), /no table nothing/)
  })
})
