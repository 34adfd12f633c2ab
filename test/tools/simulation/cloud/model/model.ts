/**
 * A model of DynamoDB, as far as shared/runtime/table.ts uses it: in this process, without waiting, exact. It is worth as
 * much as the property test beside it, which plays the same operations against the embedded engine and finds them equal.
 */
import { isDeepStrictEqual } from 'node:util'
import {
  type CancellationReason,
  ConditionalCheckFailedException,
  IdempotentParameterMismatchException,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb'
import { checkPlaceholders, conditionOf, updateOf } from './expressions.ts'
import { createTableModel, type Key, keyOf, keyText, type TableModel, type TableOptions } from './table.ts'
import { type AttributeMap, ModelValidationError } from './values.ts'

export type { AttributeMap } from './values.ts'

export type Operation =
  | 'GetItem'
  | 'BatchGetItem'
  | 'Query'
  | 'PutItem'
  | 'UpdateItem'
  | 'DeleteItem'
  | 'TransactWriteItems'

/** One item as a call changed it: undefined where it did not exist, or does no more. */
export type Write = { table: string; key: Key; before: AttributeMap | undefined; after: AttributeMap | undefined }

export type Model = {
  createTable(name: string, options: TableOptions): void
  /** @throws the SDK's own exceptions */
  execute(operation: Operation, input: Record<string, unknown>): Record<string, unknown>
  items(table: string): AttributeMap[]
}

type Single = {
  TableName: string
  Key?: AttributeMap
  Item?: AttributeMap
  ConditionExpression?: string
  UpdateExpression?: string
  ExpressionAttributeNames?: Record<string, string>
  ExpressionAttributeValues?: AttributeMap
  ReturnValuesOnConditionCheckFailure?: string
}
type Kind = 'Put' | 'Update' | 'Delete' | 'ConditionCheck'
type Planned = { kind: Kind; single: Single; table: TableModel; key: Key; before: AttributeMap | undefined }
/** What a change comes to: the item after it, or why it cannot be. */
type Outcome = { after: AttributeMap | undefined } | { reason: CancellationReason }

const maxTransactionItems = 100
const maxBatchKeys = 100
/** How long a transaction's token is known. Milliseconds. */
const tokenKeptMs = 10 * 60_000

/** @throws ModelValidationError */
const checkExpressions = (single: Single): void => {
  const { ConditionExpression: condition, UpdateExpression: update } = single
  const texts = [
    ...(condition === undefined ? [] : [conditionOf(condition)]),
    ...(update === undefined ? [] : [updateOf(update)]),
  ]
  checkPlaceholders(texts, single.ExpressionAttributeNames, single.ExpressionAttributeValues)
}

const inputOf = ({ single, before }: Planned) => ({
  item: before,
  names: single.ExpressionAttributeNames ?? {},
  values: single.ExpressionAttributeValues ?? {},
})

const isAllowed = (planned: Planned): boolean => {
  const { ConditionExpression: text } = planned.single
  return text === undefined || conditionOf(text).run(inputOf(planned))
}

const afterOf = (planned: Planned): AttributeMap | undefined => {
  const { kind, single, before, key, table } = planned
  if (kind === 'Put') return single.Item
  if (kind === 'Delete') return undefined
  if (kind === 'ConditionCheck') return before
  const item = before ?? { pk: { S: key.pk }, sk: { S: key.sk } }
  if (single.UpdateExpression === undefined) return item
  const after = updateOf(single.UpdateExpression).run({ ...inputOf(planned), item })
  table.check(after)
  return after
}

const failed = 'The conditional request failed'

const returned = ({ single, before }: Planned): { Item?: AttributeMap } =>
  single.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' && before ? { Item: before } : {}

const outcomeOf = (planned: Planned): Outcome => {
  if (!isAllowed(planned)) return { reason: { Code: 'ConditionalCheckFailed', Message: failed, ...returned(planned) } }
  try {
    return { after: afterOf(planned) }
  } catch (error) {
    if (!(error instanceof ModelValidationError)) throw error
    return { reason: { Code: 'ValidationError', Message: error.message } }
  }
}

/** A write that changes nothing is none: no stream tells of it. The version tells most items apart at once. */
const isSame = (before: AttributeMap | undefined, after: AttributeMap | undefined): boolean =>
  before?.version?.N === after?.version?.N && isDeepStrictEqual(before, after)

/** @param onWrite hears of every item that a call changed, in the order of the call */
export const createModel = ({ now, onWrite }: { now: () => number; onWrite: (write: Write) => void }): Model => {
  const tables = new Map<string, TableModel>()
  const tokens = new Map<string, { atMs: number; items: unknown }>()

  const tableOf = (name: string): TableModel => {
    const table = tables.get(name)
    if (!table) throw new Error(`there is no table ${name}`)
    return table
  }
  const plan = (kind: Kind, single: Single): Planned => {
    const table = tableOf(single.TableName)
    const key = keyOf(single.Key ?? single.Item, single.Key !== undefined)
    checkExpressions(single)
    if (single.Item) table.check(single.Item)
    return { kind, single, table, key, before: table.get(key) }
  }
  const commit = ({ single, table, key, before }: Planned, after: AttributeMap | undefined): void => {
    if (isSame(before, after)) return
    table.set(key, after)
    onWrite({ table: single.TableName, key, before, after })
  }
  const writeOne = (kind: Kind, single: Single): Record<string, unknown> => {
    const planned = plan(kind, single)
    if (!isAllowed(planned))
      throw new ConditionalCheckFailedException({ message: failed, $metadata: {}, ...returned(planned) })
    commit(planned, afterOf(planned))
    return {}
  }

  /** @returns true when this very transaction has had its effect */
  const isKnown = (token: string | undefined, items: unknown): boolean => {
    if (token === undefined) return false
    const known = tokens.get(token)
    if (!known || now() - known.atMs > tokenKeptMs) return false
    if (known.items !== items && !isDeepStrictEqual(known.items, items))
      throw new IdempotentParameterMismatchException({
        message: 'the token was used for another transaction',
        $metadata: {},
      })
    return true
  }
  const writeAll = (
    items: readonly Partial<Record<Kind, Single>>[],
    token: string | undefined,
  ): Record<string, unknown> => {
    if (items.length === 0 || items.length > maxTransactionItems)
      throw new ModelValidationError(`a transaction has 1 to ${maxTransactionItems} items`)
    if (isKnown(token, items)) return {}
    const planned = items.flatMap((item) =>
      (Object.entries(item) as [Kind, Single][]).map(([kind, single]) => plan(kind, single)),
    )
    if (new Set(planned.map(({ single, key }) => `${single.TableName} ${keyText(key)}`)).size < planned.length)
      throw new ModelValidationError('Transaction request cannot include multiple operations on one item')
    const outcomes = planned.map((one) => ({ one, outcome: outcomeOf(one) }))
    if (outcomes.some(({ outcome }) => 'reason' in outcome))
      throw new TransactionCanceledException({
        message: 'Transaction cancelled',
        $metadata: {},
        CancellationReasons: outcomes.map(({ outcome }) => ('reason' in outcome ? outcome.reason : { Code: 'None' })),
      })
    for (const { one, outcome } of outcomes) if ('after' in outcome) commit(one, outcome.after)
    if (token !== undefined) tokens.set(token, { atMs: now(), items })
    return {}
  }

  const batchGet = (requests: Record<string, { Keys: AttributeMap[] }>): Record<string, unknown> => {
    const Responses = Object.entries(requests).map(([name, { Keys }]) => {
      const table = tableOf(name)
      const keys = Keys.map((key) => keyOf(key, true))
      if (keys.length === 0 || keys.length > maxBatchKeys)
        throw new ModelValidationError(`a batch has 1 to ${maxBatchKeys} keys`)
      if (new Set(keys.map(keyText)).size < keys.length)
        throw new ModelValidationError('Provided list of item keys contains duplicates')
      return [name, keys.map(table.get).filter((item) => item !== undefined)]
    })
    return { Responses: Object.fromEntries(Responses), UnprocessedKeys: {} }
  }

  return {
    createTable: (name, options) => tables.set(name, createTableModel(options)),
    execute(operation, input) {
      const single = input as Single
      switch (operation) {
        case 'GetItem': {
          const Item = plan('ConditionCheck', single).before
          return Item ? { Item } : {}
        }
        case 'BatchGetItem':
          return batchGet(input.RequestItems as Record<string, { Keys: AttributeMap[] }>)
        case 'Query':
          return tableOf(single.TableName).query(input)
        case 'PutItem':
          return writeOne('Put', single)
        case 'UpdateItem':
          return writeOne('Update', single)
        case 'DeleteItem':
          return writeOne('Delete', single)
        case 'TransactWriteItems':
          return writeAll(
            input.TransactItems as Partial<Record<Kind, Single>>[],
            input.ClientRequestToken as string | undefined,
          )
      }
    },
    items: (name) => tableOf(name).items(),
  }
}
