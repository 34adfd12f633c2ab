/**
 * A model of DynamoDB, as far as shared/runtime/table.ts uses it: in this process, without waiting, exact. It is worth as
 * much as the property test beside it, which plays the same operations against the embedded engine and finds them equal.
 */
import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb'
import { type AttributeMap, conditionOf, ModelValidationError, updateOf } from './model/expressions.ts'
import { createTableModel, type Key, keyText, type TableModel, type TableOptions } from './model/table.ts'

export type { AttributeMap } from './model/expressions.ts'

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

const maxTransactionItems = 100
/** How long a transaction's token is known. Milliseconds. */
const tokenKeptMs = 10 * 60_000

const inputOf = ({ single, before }: Planned) => ({
  item: before,
  names: single.ExpressionAttributeNames ?? {},
  values: single.ExpressionAttributeValues ?? {},
})

const isAllowed = (planned: Planned): boolean => {
  const { ConditionExpression: text } = planned.single
  return text === undefined || conditionOf(text)(inputOf(planned))
}

const afterOf = (planned: Planned): AttributeMap | undefined => {
  const { kind, single, before, key } = planned
  if (kind === 'Put') return single.Item
  if (kind === 'Delete') return undefined
  if (kind === 'ConditionCheck') return before
  const item = before ?? { pk: { S: key.pk }, sk: { S: key.sk } }
  return updateOf(single.UpdateExpression ?? '')({ ...inputOf(planned), item })
}

const failed = 'The conditional request failed'

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
    const map = single.Key ?? single.Item
    const key = { pk: map?.pk?.S ?? '', sk: map?.sk?.S ?? '' }
    return { kind, single, table, key, before: table.get(key) }
  }
  const returned = ({ single, before }: Planned): { Item?: AttributeMap } =>
    single.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' && before ? { Item: before } : {}
  const commit = (planned: readonly Planned[]): void => {
    const writes = planned.map((one) => ({ one, after: afterOf(one) }))
    for (const { one, after } of writes) {
      if (one.kind === 'ConditionCheck') continue
      one.table.set(one.key, after)
      onWrite({ table: one.single.TableName, key: one.key, before: one.before, after })
    }
  }
  const writeOne = (kind: Kind, single: Single): Record<string, unknown> => {
    const planned = plan(kind, single)
    if (!isAllowed(planned))
      throw new ConditionalCheckFailedException({ message: failed, $metadata: {}, ...returned(planned) })
    commit([planned])
    return {}
  }

  /** @returns true when this very transaction has had its effect */
  const isKnown = (token: string | undefined, items: unknown): boolean => {
    if (token === undefined) return false
    const known = tokens.get(token)
    if (!known || now() - known.atMs > tokenKeptMs) return false
    if (known.items !== items && JSON.stringify(known.items) !== JSON.stringify(items))
      throw Object.assign(new Error('the token was used for another transaction'), {
        name: 'IdempotentParameterMismatchException',
      })
    return true
  }
  const writeAll = (
    items: readonly Partial<Record<Kind, Single>>[],
    token: string | undefined,
  ): Record<string, unknown> => {
    if (items.length > maxTransactionItems)
      throw new ModelValidationError(`Member must have length less than or equal to ${maxTransactionItems}`)
    if (isKnown(token, items)) return {}
    const planned = items.flatMap((item) =>
      (Object.entries(item) as [Kind, Single][]).map(([kind, single]) => plan(kind, single)),
    )
    if (new Set(planned.map(({ single, key }) => `${single.TableName} ${keyText(key)}`)).size < planned.length)
      throw new ModelValidationError('Transaction request cannot include multiple operations on one item')
    const allowed = planned.map(isAllowed)
    if (allowed.includes(false))
      throw new TransactionCanceledException({
        message: 'Transaction cancelled',
        $metadata: {},
        CancellationReasons: planned.map((one, index) =>
          allowed[index] ? { Code: 'None' } : { Code: 'ConditionalCheckFailed', Message: failed, ...returned(one) },
        ),
      })
    commit(planned)
    if (token !== undefined) tokens.set(token, { atMs: now(), items })
    return {}
  }

  const batchGet = (requests: Record<string, { Keys: AttributeMap[] }>): Record<string, unknown> => {
    const Responses = Object.entries(requests).map(([name, { Keys }]) => {
      const table = tableOf(name)
      const found = Keys.map(({ pk, sk }) => table.get({ pk: pk?.S ?? '', sk: sk?.S ?? '' }))
      const items = found.filter((item) => item !== undefined)
      return [name, items]
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
