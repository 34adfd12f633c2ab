/** Where a run keeps its tables: in the in-process model, or in the embedded engine. */
import { isDeepStrictEqual } from 'node:util'
import { threadId } from 'node:worker_threads'
import {
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
import { createTable } from '../../../support/tables.ts'
import { services } from '../world/functions.ts'
import { outsideOfInvocations } from '../world/invocation.ts'
import { type AttributeMap, createModel, type Operation, type Write } from './model/model.ts'

export type Store = {
  execute(operation: string, input: Record<string, unknown>): unknown
  items(table: string): Promise<AttributeMap[]>
}

/** Makes the tables of one run. */
export type Backend = (options: { now: () => number; onWrite: (write: Write) => void }) => Promise<Store>

/** Tables by name: a service's first has its name, further ones have their own. */
const tables = services.flatMap(({ name, table, tables: further = {} }) => [
  ...(table ? [{ name, ...table }] : []),
  ...Object.entries(further).map(([own, declared]) => ({ name: own, ...declared })),
])

export const modelBackend: Backend = async (options) => {
  const model = createModel(options)
  for (const { name, ...table } of tables) model.createTable(name, table)
  return {
    execute: (operation, input) => model.execute(operation as Operation, input),
    items: async (table) => model.items(table),
  }
}

const commands = {
  GetItem: GetItemCommand,
  BatchGetItem: BatchGetItemCommand,
  Query: QueryCommand,
  PutItem: PutItemCommand,
  UpdateItem: UpdateItemCommand,
  DeleteItem: DeleteItemCommand,
  TransactWriteItems: TransactWriteItemsCommand,
} as const

type Key = { pk: string; sk: string }
type Change = { TableName: string; Key?: AttributeMap; Item?: AttributeMap }

const keyOf = ({ Key, Item }: Change): Key => {
  const map = Key ?? Item ?? {}
  return { pk: map.pk?.S ?? '', sk: map.sk?.S ?? '' }
}

const changesOf = (operation: string, input: Record<string, unknown>): Change[] => {
  if (operation === 'TransactWriteItems') {
    const { TransactItems } = input as { TransactItems: Record<string, Change>[] }
    return TransactItems.flatMap(({ Put, Update, Delete }) => Put ?? Update ?? Delete ?? [])
  }
  return /^(Put|Update|Delete)Item$/.test(operation) ? [input as Change] : []
}

const withPrefixedKeys = (byTable: object, prefix: string): unknown =>
  Object.fromEntries(Object.entries(byTable).map(([table, asked]) => [`${prefix}${table}`, asked]))

/** Every text that names a table, with this run's prefix. */
const renamed = (value: unknown, prefix: string): unknown => {
  if (Array.isArray(value)) return value.map((one) => renamed(one, prefix))
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      if (name === 'TableName') return [name, `${prefix}${member}`]
      if (name === 'RequestItems' || name === 'UnprocessedKeys') return [name, withPrefixedKeys(member, prefix)]
      return [name, renamed(member, prefix)]
    }),
  )
}

const withoutPrefix = (answer: Record<string, unknown>, prefix: string): Record<string, unknown> => {
  if (!answer.Responses) return answer
  const Responses = Object.entries(answer.Responses as object).map(([table, items]) => [
    table.slice(prefix.length),
    items,
  ])
  return { ...answer, Responses: Object.fromEntries(Responses) }
}

let runs = 0

/** One thing runs at a time, so reading an item before and after a call tells exactly what the call wrote. */
export const engineBackend =
  (url: string): Backend =>
  async ({ onWrite }) => {
    runs += 1
    const prefix = `run-${threadId}-${runs}-`
    const client = new DynamoDBClient({
      endpoint: url,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    })
    for (const { name, ...table } of tables) await createTable(client, `${prefix}${name}`, table)

    const read = async (table: string, { pk, sk }: Key): Promise<AttributeMap | undefined> => {
      const Key = { pk: { S: pk }, sk: { S: sk } }
      return (await client.send(new GetItemCommand({ TableName: prefix + table, Key, ConsistentRead: true }))).Item
    }
    const execute = async (operation: string, input: Record<string, unknown>): Promise<unknown> => {
      const changes = changesOf(operation, input)
      const images = () => Promise.all(changes.map((change) => read(change.TableName, keyOf(change))))
      const before = await images()
      // Tokens repeat when a seed does, and the engine outlives the run.
      const token = input.ClientRequestToken
      const request = typeof token === 'string' ? { ...input, ClientRequestToken: prefix + token.slice(-16) } : input
      const command = Reflect.construct(commands[operation as Operation], [renamed(request, prefix)]) as GetItemCommand
      const answer = await client.send(command)
      const after = await images()
      for (const [index, change] of changes.entries())
        if (!isDeepStrictEqual(before[index], after[index]))
          onWrite({ table: change.TableName, key: keyOf(change), before: before[index], after: after[index] })
      return withoutPrefix({ ...answer }, prefix)
    }
    return {
      execute: (operation, input) => outsideOfInvocations(() => execute(operation, input)),
      items: async (table) => {
        const found: AttributeMap[] = []
        let from: AttributeMap | undefined
        do {
          const page = await client.send(new ScanCommand({ TableName: prefix + table, ExclusiveStartKey: from }))
          found.push(...(page.Items ?? []))
          from = page.LastEvaluatedKey
        } while (from)
        return found
      },
    }
  }
