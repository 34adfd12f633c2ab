/** Runs the tables: a thin proxy before the engine, which checks permissions and wakes whoever reads a stream. */
import type { ServerResponse } from 'node:http'
import * as z from 'zod/mini'
import type { Clock, Timer } from '../clock.ts'
import type { Call } from '../endpoint/aws-endpoint.ts'
import { accessDenied } from '../endpoint/aws-error.ts'
import type { Iam } from '../iam/iam.ts'
import { StartError } from '../start-error.ts'
import { type Json, type JsonObject, listOf, objectOf, textOf } from '../template/json.ts'
import type { ResourceOf, Template } from '../template/template.ts'
import type { Engine } from './engine.ts'
import { tableType } from './resources.ts'

export type Table = { name: string; arn: string; streamArn: string; keys: string[]; ttlAttribute?: string }

export type Dynamodb = {
  tables: Map<string, Table>
  handle: (call: Call, response: ServerResponse) => void
  /** Calls `action` after every write to the table. */
  onWrite(table: string, action: () => void): void
  /** True once for each item that the sweep deleted: its stream record says that the service did it. */
  tookExpired(table: string, keys: Json): boolean
  stop(): void
}

const prefix = 'DynamoDB_20120810.'
const sweepEveryMs = 300_000

const keySchema = z.array(z.object({ AttributeName: z.string() }))

const tableKeys = z.object({
  AttributeDefinitions: z.array(z.object({ AttributeName: z.string(), AttributeType: z.string() })),
  KeySchema: keySchema,
  GlobalSecondaryIndexes: z._default(z.array(z.object({ IndexName: z.string(), KeySchema: keySchema })), []),
})

type TableKeys = z.infer<typeof tableKeys>

const describedTable = z.object({ Table: tableKeys })

/** The keys of a table and its indexes in one line: what cannot be changed once it is there. */
const keysOf = ({ AttributeDefinitions, KeySchema, GlobalSecondaryIndexes }: TableKeys): string => {
  const types = new Map(AttributeDefinitions.map((definition) => [definition.AttributeName, definition.AttributeType]))
  const keys = (schema: TableKeys['KeySchema']) =>
    schema.map(({ AttributeName }) => `${AttributeName}:${types.get(AttributeName)}`).join(',')
  const indexes = GlobalSecondaryIndexes.map((index) => `${index.IndexName}(${keys(index.KeySchema)})`).sort()
  return [keys(KeySchema), ...indexes].join(' ')
}

const createTable = async (
  engine: Engine,
  { name, where, properties }: ResourceOf<typeof tableType>,
): Promise<void> => {
  try {
    const described = await engine.call(`${prefix}DescribeTable`, { TableName: name })
    const [is, wanted] = [keysOf(describedTable.parse(described).Table), keysOf(properties)]
    if (is === wanted) return
    throw new StartError(
      `${where}: table ${name} exists with keys ${is}, the template wants ${wanted}; start afresh with --fresh`,
    )
  } catch (error) {
    if ((error as Error).name !== 'ResourceNotFoundException') throw error
  }
  const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, StreamSpecification } = properties
  const indexes = GlobalSecondaryIndexes.map((index) => {
    const { IndexName, KeySchema: keys, Projection } = index
    return { IndexName, KeySchema: keys, Projection }
  })
  await engine.call(`${prefix}CreateTable`, {
    TableName: name,
    AttributeDefinitions,
    KeySchema,
    BillingMode: 'PAY_PER_REQUEST',
    ...(indexes.length > 0 && { GlobalSecondaryIndexes: indexes }),
    ...(StreamSpecification && { StreamSpecification: { StreamEnabled: true, ...StreamSpecification } }),
  })
}

type Needed = { action: string; table: string; index?: string }

const tableOf = (input: JsonObject): string => textOf(input.TableName).split('/').at(-1) ?? ''

const transactActions: { [kind: string]: string } = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
  Get: 'GetItem',
}

/** What a request needs: the action, and the table or index it is done to. */
const neededBy = ({ operation, input }: Call): Needed[] => {
  switch (operation) {
    case 'TransactWriteItems':
    case 'TransactGetItems':
      return listOf(input.TransactItems).flatMap((item) =>
        Object.entries(objectOf(item)).map(([kind, entry]) => {
          const action = transactActions[kind] ?? kind
          return { action: `dynamodb:${action}`, table: tableOf(objectOf(entry)) }
        }),
      )
    case 'BatchGetItem':
    case 'BatchWriteItem':
      return Object.keys(objectOf(input.RequestItems)).map((name) => ({
        action: `dynamodb:${operation}`,
        table: tableOf({ TableName: name }),
      }))
    case 'Query':
    case 'Scan': {
      const needed = { action: `dynamodb:${operation}`, table: tableOf(input) }
      return [input.IndexName === undefined ? needed : { ...needed, index: textOf(input.IndexName) }]
    }
    default:
      return [{ action: `dynamodb:${operation}`, table: tableOf(input) }]
  }
}

const dataOperations = new Set(['GetItem', 'BatchGetItem', 'TransactGetItems', 'Query', 'Scan'])
const writes = new Set(['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'TransactWriteItems'])

/** The tables of the template, behind a thin proxy that checks permissions and tells who reads the streams. */
export const createDynamodb = async (
  template: Template,
  engine: Engine,
  {
    iam,
    clock,
    place,
    log,
  }: {
    iam: Iam
    clock: Clock
    place: { region: string; account: string }
    log: (line: string) => void
  },
): Promise<Dynamodb> => {
  const resources = template.ofType(tableType)
  await Promise.all(resources.map((resource) => createTable(engine, resource)))
  const tables = new Map<string, Table>()
  for (const { name, properties, attribute } of resources) {
    const ttl = properties.TimeToLiveSpecification
    tables.set(name, {
      name,
      arn: attribute('Arn'),
      streamArn: attribute('StreamArn'),
      keys: properties.KeySchema.map((key) => key.AttributeName),
      ...(ttl?.Enabled && { ttlAttribute: ttl.AttributeName }),
    })
  }

  const watchers = new Map<string, (() => void)[]>()
  const wake = (table: string): void => {
    for (const watcher of watchers.get(table) ?? []) watcher()
  }

  const handle: Dynamodb['handle'] = (call, response) => {
    const { operation, caller, body } = call
    const needed = neededBy(call)
    for (const { action, table, index } of needed) {
      const arn = `arn:aws:dynamodb:${place.region}:${place.account}:table/${table || '*'}`
      const refusal = iam.refusal(caller, action, index === undefined ? arn : `${arn}/index/${index}`)
      if (refusal !== undefined) throw accessDenied(refusal)
    }
    const isWrite = writes.has(operation)
    engine.forward(
      `${prefix}${operation}`,
      body,
      (answer) => {
        const { statusCode = 500, headers } = answer
        if (isWrite || dataOperations.has(operation)) {
          response.writeHead(statusCode, headers)
          answer.pipe(response)
          if (isWrite && statusCode === 200)
            answer.once('end', () => {
              for (const { table } of needed) wake(table)
            })
          return
        }
        // Descriptions name the engine's own region; what is handed out names ours.
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.once('end', () => {
          const ours = `:dynamodb:${place.region}:`
          const text = Buffer.concat(chunks).toString().replaceAll(':dynamodb:dynoxide:', ours)
          const { 'x-amz-crc32': _, ...others } = headers
          response.writeHead(statusCode, { ...others, 'content-length': Buffer.byteLength(text) })
          response.end(text)
        })
      },
      (error) => {
        if (!response.headersSent) response.writeHead(500, { 'content-type': 'application/x-amz-json-1.0' })
        response.end(JSON.stringify({ __type: 'InternalServerError', message: error.message }))
      },
    )
  }

  const expired = new Set<string>()
  const expiredKey = (table: string, keys: Json): string =>
    `${table} ${JSON.stringify(Object.entries(objectOf(keys)).sort(([a], [b]) => (a < b ? -1 : 1)))}`

  const sweep = async ({ name, keys, ttlAttribute }: Table): Promise<void> => {
    const now = Math.floor(clock.now() / 1000)
    const isPast = {
      ExpressionAttributeNames: { '#ttl': ttlAttribute ?? '' },
      // DynamoDB leaves alone what expired more than five years ago.
      ExpressionAttributeValues: { ':now': { N: String(now) }, ':old': { N: String(now - 157_680_000) } },
    }
    let ExclusiveStartKey: Json | undefined
    do {
      const page = await engine.call(`${prefix}Scan`, {
        TableName: name,
        FilterExpression: '#ttl BETWEEN :old AND :now',
        ...isPast,
        ...(ExclusiveStartKey === undefined ? {} : { ExclusiveStartKey }),
      })
      for (const item of listOf(page.Items)) {
        const Key = Object.fromEntries(keys.map((key) => [key, objectOf(item)[key] ?? null]))
        const mark = expiredKey(name, Key)
        expired.add(mark)
        try {
          const condition = { ConditionExpression: '#ttl BETWEEN :old AND :now', ...isPast }
          await engine.call(`${prefix}DeleteItem`, { TableName: name, Key, ...condition })
        } catch (error) {
          expired.delete(mark)
          if ((error as Error).name !== 'ConditionalCheckFailedException') throw error
        }
      }
      if (listOf(page.Items).length > 0) wake(name)
      ExclusiveStartKey = page.LastEvaluatedKey
    } while (ExclusiveStartKey !== undefined && ExclusiveStartKey !== null)
  }

  let timer: Timer | undefined
  let stopped = false
  const sweepAll = async (): Promise<void> => {
    for (const table of tables.values()) {
      if (stopped || table.ttlAttribute === undefined) continue
      await sweep(table).catch((error: Error) => {
        if (!stopped) log(`expiry of ${table.name}: ${error.message}`)
      })
    }
    if (!stopped) sweepLater()
  }
  const sweepLater = (): void => {
    timer = clock.after(sweepEveryMs, () => void sweepAll())
  }
  sweepLater()

  return {
    tables,
    handle,
    onWrite(table, action) {
      watchers.set(table, [...(watchers.get(table) ?? []), action])
    },
    tookExpired: (table, keys) => expired.delete(expiredKey(table, keys)),
    stop() {
      stopped = true
      timer?.cancel()
    },
  }
}
