/** Asks the embedded engine and the model the same, call by call, and fails where they are not equal. */
import assert from 'node:assert/strict'
import {
  type AttributeValue,
  BatchGetItemCommand,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { createTable } from '../../support/tables.ts'
import { createModel, type Operation } from '../../tools/simulation/cloud/model/model.ts'
import type { TableOptions } from '../../tools/simulation/cloud/model/table.ts'
import type { AttributeMap } from '../../tools/simulation/cloud/model/values.ts'

const commands = {
  GetItem: GetItemCommand,
  BatchGetItem: BatchGetItemCommand,
  Query: QueryCommand,
  PutItem: PutItemCommand,
  UpdateItem: UpdateItemCommand,
  DeleteItem: DeleteItemCommand,
  TransactWriteItems: TransactWriteItemsCommand,
} as const

export type Twin = {
  createTable(name: string, options: TableOptions): Promise<void>
  /** One call of both, as it stands. @throws AssertionError where they differ; the engine's error where both refuse it */
  call(operation: Operation, input: object): Promise<Record<string, unknown>>
  /** What the engine makes of a call, and what the model does, each by itself. */
  apart(operation: Operation, input: object): Promise<{ engine: Outcome; model: Outcome }>
  /** The token of the next transaction, instead of one that the SDK makes. */
  token: string | undefined
  /** @throws AssertionError unless both hold the same items, and the model told of every write on the way to them */
  checkItems(table: string): Promise<void>
  /** How often each kind of outcome was met: `Query`, `Query cut`, `PutItem ConditionalCheckFailedException`, … */
  met: Map<string, number>
}

type Reason = { Code?: string; Item?: AttributeMap }
export type Outcome =
  | { answer: Record<string, unknown> }
  | { error: string; text: string; item: AttributeMap | undefined; reasons: Reason[] }

const textOf = ({ pk, sk }: AttributeMap): string => `${pk?.S}\n${sk?.S}`
const sorted = (items: readonly AttributeMap[]): AttributeMap[] =>
  [...items].sort((a, b) => (textOf(a) < textOf(b) ? -1 : 1))

/**
 * What does not matter to the shop is taken away: the texts of errors, which it never reads; figures of capacity and
 * requests; and the order of a batch's items, which DynamoDB does not promise. Nor does it promise one among equal keys of
 * an index, but there both go by the items' own keys, so that pages can be compared.
 */
const comparable = (outcome: Outcome): unknown => {
  if ('error' in outcome) return { ...outcome, text: '' }
  const { Item, Items, Count, LastEvaluatedKey, Responses = {}, UnprocessedKeys = {} } = outcome.answer
  const batch = Object.entries(Responses as Record<string, AttributeMap[]>).map(([table, items]) => [
    table,
    sorted(items),
  ])
  return { Item, Items, Count, LastEvaluatedKey, batch, UnprocessedKeys }
}

const outcomeOfError = (error: unknown): Outcome => {
  const { name, message, Item, CancellationReasons } = error as Error & {
    Item?: AttributeMap
    CancellationReasons?: Reason[]
  }
  const reasons = (CancellationReasons ?? []).map(({ Code, Item: item }) => ({
    Code,
    ...(item ? { Item: item } : {}),
  })) as Reason[]
  return { error: name, text: message, item: Item, reasons }
}

const kindsOf = (operation: string, outcome: Outcome): string[] =>
  'error' in outcome
    ? [`${operation} ${outcome.error}`, ...outcome.reasons.map(({ Code }) => `${operation} ${Code}`)]
    : [outcome.answer.LastEvaluatedKey ? `${operation} cut` : operation]

/** The model keeps what it is given: whatever changed it later would be an error here. Bytes cannot be frozen. */
const frozen = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array))
    for (const member of Object.values(Object.freeze(value))) frozen(member)
  return value
}

/** @param url address of the engine @param now the model's clock; the engine has its own */
export const createTwin = (url: string, now: () => number): Twin => {
  const written = new Map<string, Map<string, AttributeMap>>()
  const model = createModel({
    now,
    onWrite({ table, key, before, after }) {
      const items = written.get(table) ?? new Map<string, AttributeMap>()
      written.set(table, items)
      const text = `${key.pk}\n${key.sk}`
      assert.deepEqual(before, items.get(text), 'the model told of another item before a write')
      if (after) items.set(text, after)
      else items.delete(text)
    },
  })
  const onModel = (operation: Operation, input: object): Outcome => {
    try {
      return { answer: model.execute(operation, frozen(structuredClone(input)) as Record<string, unknown>) }
    } catch (error) {
      return outcomeOfError(error)
    }
  }
  const engine = {
    endpoint: url,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  }
  const client = new DynamoDBClient({ ...engine, maxAttempts: 1 })
  const onEngine = async (operation: Operation, input: object): Promise<Outcome & { thrown?: unknown }> => {
    try {
      const answer = await client.send(Reflect.construct(commands[operation], [input]) as GetItemCommand)
      return { answer: { ...answer } }
    } catch (error) {
      return { ...outcomeOfError(error), thrown: error }
    }
  }

  const twin: Twin = {
    token: undefined,
    met: new Map(),
    async createTable(name, options) {
      await createTable(client, name, options)
      model.createTable(name, options)
    },
    async call(operation, given) {
      const isTransaction = operation === 'TransactWriteItems' && twin.token !== undefined
      const input = isTransaction ? { ...given, ClientRequestToken: twin.token } : given
      const { thrown, ...outcome } = await onEngine(operation, input)
      const modelled = onModel(operation, input)
      for (const kind of kindsOf(operation, outcome)) twin.met.set(kind, (twin.met.get(kind) ?? 0) + 1)
      const texts = [outcome, modelled].map((one) => ('error' in one ? one.text : 'success')).join(' / ')
      assert.deepEqual(
        comparable(modelled),
        comparable(outcome),
        `the model and the engine differ (${texts}) in ${operation} ${JSON.stringify(input)}`,
      )
      if ('error' in outcome) throw thrown
      return outcome.answer
    },
    async apart(operation, input) {
      const { thrown: _, ...engineOutcome } = await onEngine(operation, input)
      return { engine: engineOutcome, model: onModel(operation, input) }
    },
    async checkItems(table) {
      const found: Record<string, AttributeValue>[] = []
      let from: AttributeMap | undefined
      do {
        const page = await client.send(new ScanCommand({ TableName: table, ExclusiveStartKey: from }))
        found.push(...(page.Items ?? []))
        from = page.LastEvaluatedKey
      } while (from)
      assert.deepEqual(sorted(model.items(table)), sorted(found), `the items of ${table} are not equal`)
      assert.deepEqual(sorted([...(written.get(table)?.values() ?? [])]), sorted(found), `not every write was told of`)
    },
  }
  return twin
}
