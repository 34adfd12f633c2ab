/**
 * A service's DynamoDB table: plain objects in and out, conditions' failures as values. Items have the keys `pk` and `sk`,
 * and `gsi1pk`, `gsi1sk`, … on indexes; `expiresAt` (epoch seconds) is the TTL attribute, which only tidies up.
 */
import type { CancellationReason, GetItemOutput, TransactWriteItem } from '@aws-sdk/client-dynamodb'
import { marshall, type NativeAttributeValue, unmarshall } from '@aws-sdk/util-dynamodb'
import { type AskDynamo, dynamoApi } from './aws/dynamodb.ts'
import {
  type Now,
  type Random,
  type Sleep,
  now as systemNow,
  random as systemRandom,
  sleep as systemSleep,
} from './clock.ts'
import { AlreadyDoneError, ContentionError, UnavailableError } from './errors.ts'
import { doneOf, type IdempotencyKey, idempotencyRecord } from './idempotency.ts'
import { lazy } from './lazy.ts'
import { RefusedInput } from './refused-input.ts'
import { setting } from './settings.ts'

/** One of an instance, whose connections all its tables share. */
const dynamo = lazy(dynamoApi)

export type Key = { pk: string; sk: string }
export type Item = Record<string, NativeAttributeValue>

/** A DynamoDB expression with its `#names` and `:values`; names that are used but not given stand for themselves. */
export type Expression = { expression: string; names?: Record<string, string>; values?: Record<string, unknown> }

/** `when` must hold at that moment, or nothing of the write happens; `else` says what that means. */
type Condition<Label extends string> = { when?: never; else?: never } | { when: Expression; else: Label }

/** One change of one item. One without a label has no condition either. */
export type Change<Label extends string = never> =
  | ({ put: Item & Key } & Condition<Label>)
  | ({ update: Key; set: Expression } & Condition<Label>)
  | ({ delete: Key } & Condition<Label>)
  | { check: Key; when: Expression; else: Label }

/** `failed`: the label of the first condition that did not hold, with the item as it stood, if there was one. */
export type Written<Label extends string> = { ok: true } | { ok: false; failed: Label; item: Item | undefined }

export type Query = {
  index?: 'gsi1' | 'gsi2' | 'gsi3'
  pk: string
  /** Condition on the sort key. */
  sk?: { beginsWith: string } | { between: readonly [string, string] }
  limit?: number
  /** Newest or greatest first. */
  backward?: boolean
  /** Where the last page ended. */
  startKey?: Item | undefined
  /** Half as dear, and what was written within the last second or so may be missing. Indexes are never read otherwise. */
  eventually?: true
}

export type Table = {
  /** One strongly consistent read. */
  get(key: Key): Promise<Item | undefined>
  /**
   * Up to 100 items in one read, in any order, those that exist; a key that is given twice is one. @param eventually as for
   * queries
   */
  batchGet(keys: readonly Key[], options?: { eventually?: boolean }): Promise<Item[]>
  /** One page; `lastKey` is undefined at the end. Strongly consistent but on indexes. */
  query(query: Query): Promise<{ items: Item[]; lastKey: Item | undefined }>
  /**
   * Writes all changes or none, together with the idempotency record where `once` is given.
   * @throws AlreadyDoneError when that key has had its effect; ContentionError when others keep writing the same items
   */
  write<Label extends string = never>(
    changes: readonly Change<Label>[],
    idempotencyKey?: { idempotencyKey: IdempotencyKey | undefined; resource: string },
  ): Promise<Written<Label>>
}

export const notThere: Expression = { expression: 'attribute_not_exists(pk)' }
export const isThere: Expression = { expression: 'attribute_exists(pk)' }
export const versionIs = (version: number): Expression => ({
  expression: '#version = :version',
  values: { ':version': version },
})

/** What a map is the SDK tells by its `constructor`, which names from people may hide: an option of a variant can be called so. */
const marshalled = (value: Item) => marshall(value, { removeUndefinedValues: true, convertClassInstanceToMap: true })

/** `#name` placeholders may go without saying: each stands for the attribute of that name. */
const namesOf = (...expressions: (Expression | undefined)[]): Record<string, string> | undefined => {
  const used = expressions.flatMap((expression) => expression?.expression.match(/#\w+/g) ?? [])
  const given = Object.assign({}, ...expressions.map((expression) => expression?.names ?? {}))
  const names = Object.fromEntries(used.map((name) => [name, given[name] ?? name.slice(1)]))
  return used.length > 0 ? names : undefined
}

const valuesOf = (...expressions: (Expression | undefined)[]) => {
  const values = Object.assign({}, ...expressions.map((expression) => expression?.values ?? {}))
  return Object.keys(values).length > 0 ? marshalled(values) : undefined
}

const condition = (when: Expression | undefined) => ({
  ...(when ? { ConditionExpression: when.expression } : {}),
  ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
})

const transactItem = (TableName: string, change: Change<string>): TransactWriteItem => {
  const set = 'set' in change ? change.set : undefined
  const common = {
    TableName,
    ...condition(change.when),
    ExpressionAttributeNames: namesOf(set, change.when),
    ExpressionAttributeValues: valuesOf(set, change.when),
  }
  if ('put' in change) return { Put: { ...common, Item: marshalled(change.put) } }
  if ('update' in change)
    return { Update: { ...common, Key: marshalled(change.update), UpdateExpression: change.set.expression } }
  if ('delete' in change) return { Delete: { ...common, Key: marshalled(change.delete) } }
  return { ConditionCheck: { ...common, Key: marshalled(change.check), ConditionExpression: change.when.expression } }
}

/** As DynamoDB answers: by the position of the first change whose condition did not hold. */
type Outcome = { ok: true } | { ok: false; position: number; item: Item | undefined }

type Parts = { ask: AskDynamo; name: string; now: Now; sleep: Sleep; random: Random }

const send = (ask: AskDynamo, entries: readonly TransactWriteItem[], only: TransactWriteItem | undefined) => {
  if (only?.Put) return ask('PutItem', only.Put)
  if (only?.Update) return ask('UpdateItem', only.Update)
  if (only?.Delete) return ask('DeleteItem', only.Delete)
  return ask('TransactWriteItems', { TransactItems: [...entries] })
}

/** An error's members, where DynamoDB answers one. */
type Failure = { name?: string; Item?: QueryItem; CancellationReasons?: CancellationReason[] }
type QueryItem = NonNullable<GetItemOutput['Item']>

/** What a failed write says: the condition that did not hold, or that others were writing the same items just then. */
const outcomeOf = (error: unknown): Outcome | 'conflict' => {
  const { name, Item, CancellationReasons: reasons = [] }: Failure = error instanceof Error ? error : {}
  if (name === 'ConditionalCheckFailedException') return { ok: false, position: 0, item: Item && unmarshall(Item) }
  if (name === 'TransactionConflictException') return 'conflict'
  if (name !== 'TransactionCanceledException') throw error
  const position = reasons.findIndex((reason) => reason.Code === 'ConditionalCheckFailed')
  const item = reasons[position]?.Item
  if (position >= 0) return { ok: false, position, item: item && unmarshall(item) }
  if (reasons.some((reason) => reason.Code === 'TransactionConflict' || reason.Code === 'ThrottlingError'))
    return 'conflict'
  throw error
}

/** How long a write is tried against those of others, and the longest pause in between. Milliseconds. */
export const contention = { deadlineMs: 5_000, maxPauseMs: 500 } as const

/** Conflicts with other writes are no outcome: the write is tried again, with full jitter, until the deadline. */
const writeAll = async (parts: Parts, entries: readonly TransactWriteItem[]): Promise<Outcome> => {
  const only = entries.length === 1 ? entries[0] : undefined
  const until = parts.now() + contention.deadlineMs
  for (let attempt = 1; ; attempt += 1) {
    try {
      await send(parts.ask, entries, only)
      return { ok: true }
    } catch (error) {
      const outcome = outcomeOf(error)
      if (outcome !== 'conflict') return outcome
      const pauseMs = parts.random() * Math.min(contention.maxPauseMs, 20 * 2 ** attempt)
      if (parts.now() + pauseMs > until)
        throw new ContentionError('the same objects are being changed by others', { cause: error })
      await parts.sleep(pauseMs)
    }
  }
}

const labelled = <Label extends string>(
  changes: readonly Change<Label>[],
  outcome: Outcome,
  changesBefore = 0,
): Written<Label> => {
  if (outcome.ok) return outcome
  const failed = changes[outcome.position - changesBefore]?.else
  if (failed === undefined)
    throw new Error(`change ${outcome.position} of a write failed by a condition it did not have`)
  return { ok: false, failed, item: outcome.item }
}

const batchGetAll = async (
  { ask, name, sleep, random }: Parts,
  keys: readonly Key[],
  isConsistent: boolean,
): Promise<Item[]> => {
  const items: Item[] = []
  // DynamoDB refuses a batch that names a key twice.
  const distinct = new Map(keys.map((key) => [JSON.stringify([key.pk, key.sk]), key]))
  let wanted = [...distinct.values()].map((key) => marshalled(key))
  for (let attempt = 1; wanted.length > 0; attempt += 1) {
    if (attempt > 5) throw new UnavailableError('the table did not give all items of a batch')
    if (attempt > 1) await sleep(random() * 20 * 2 ** attempt)
    const answer = await ask('BatchGetItem', {
      RequestItems: { [name]: { Keys: wanted, ConsistentRead: isConsistent } },
    })
    for (const item of answer.Responses?.[name] ?? []) items.push(unmarshall(item))
    wanted = answer.UnprocessedKeys?.[name]?.Keys ?? []
  }
  return items
}

/** A start key comes from a client's cursor; one that DynamoDB does not take is a cursor that was tampered with. */
const refuseStartKey = (query: Query, error: unknown): never => {
  if (query.startKey && error instanceof Error && error.name === 'ValidationException')
    throw new RefusedInput('INVALID_CURSOR', 'This cursor is not one of this list; begin again without it.')
  throw error
}

/** DynamoDB refuses a range that ends before it begins, by the order of UTF-8 bytes; there is nothing in it. */
const isEmptyRange = ({ sk }: Query): boolean =>
  sk !== undefined && 'between' in sk && Buffer.compare(Buffer.from(sk.between[0]), Buffer.from(sk.between[1])) > 0

const queryPage = async ({ ask, name }: Parts, query: Query) => {
  if (isEmptyRange(query)) return { items: [], lastKey: undefined }
  const prefix = query.index ?? ''
  const sort =
    query.sk === undefined
      ? ''
      : 'beginsWith' in query.sk
        ? ' AND begins_with(#sk, :from)'
        : ' AND #sk BETWEEN :from AND :to'
  const bounds = query.sk === undefined ? [] : 'beginsWith' in query.sk ? [query.sk.beginsWith] : query.sk.between
  const answer = await ask('Query', {
    TableName: name,
    ...(query.index ? { IndexName: query.index } : { ConsistentRead: !query.eventually }),
    KeyConditionExpression: `#pk = :pk${sort}`,
    ExpressionAttributeNames: { '#pk': `${prefix}pk`, ...(sort ? { '#sk': `${prefix}sk` } : {}) },
    ExpressionAttributeValues: marshalled({ ':pk': query.pk, ':from': bounds[0], ':to': bounds[1] }),
    ...(query.limit ? { Limit: query.limit } : {}),
    ScanIndexForward: !query.backward,
    ...(query.startKey ? { ExclusiveStartKey: marshalled(query.startKey) } : {}),
  }).catch((error: unknown) => refuseStartKey(query, error))
  return {
    items: (answer.Items ?? []).map((item) => unmarshall(item)),
    lastKey: answer.LastEvaluatedKey && unmarshall(answer.LastEvaluatedKey),
  }
}

/** The table named by TABLE_NAME, unless told otherwise. */
export const openTable = (given: Partial<Parts> = {}): Table => {
  const parts: Parts = {
    ask: given.ask ?? dynamo(),
    name: given.name ?? setting('TABLE_NAME'),
    now: given.now ?? systemNow,
    sleep: given.sleep ?? systemSleep,
    random: given.random ?? systemRandom,
  }
  return {
    async get(key) {
      const { Item } = await parts.ask('GetItem', {
        TableName: parts.name,
        Key: marshalled(key),
        ConsistentRead: true,
      })
      return Item && unmarshall(Item)
    },
    batchGet: (keys, { eventually = false } = {}) => batchGetAll(parts, keys, !eventually),
    query: (query) => queryPage(parts, query),
    async write(changes, effect) {
      const entries = changes.map((change) => transactItem(parts.name, change))
      if (!effect?.idempotencyKey) return labelled(changes, await writeAll(parts, entries))
      const record = idempotencyRecord(effect.idempotencyKey, effect.resource, parts.now())
      const first = transactItem(parts.name, { put: record, when: notThere, else: 'done' })
      const written = await writeAll(parts, [first, ...entries])
      if (written.ok || written.position > 0) return labelled(changes, written, 1)
      throw new AlreadyDoneError(doneOf(written.item))
    },
  }
}
