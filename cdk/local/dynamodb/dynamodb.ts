/** Runs the tables: a thin proxy before the engine, which checks permissions and wakes whoever reads a stream. */
import type { ServerResponse } from 'node:http'
import type { Clock } from '../clock.ts'
import type { Call } from '../endpoint/aws-endpoint.ts'
import { accessDenied } from '../endpoint/aws-error.ts'
import type { Iam } from '../iam/iam.ts'
import type { Template } from '../template/template.ts'
import { type Engine, operationPrefix } from './engine.ts'
import { type Expiry, startExpiry } from './expiry.ts'
import { neededBy } from './needed-permissions.ts'
import { openTables, type Table } from './tables.ts'

export type Dynamodb = Expiry & {
  tables: Map<string, Table>
  handle: (call: Call, response: ServerResponse) => void
  /** Calls `action` after every write to the table. */
  onWrite(table: string, action: () => void): void
}

const dataOperations = new Set(['GetItem', 'BatchGetItem', 'TransactGetItems', 'Query', 'Scan'])
const writes = new Set(['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'TransactWriteItems'])

/** The tables of the template, behind a thin proxy that checks permissions and tells who reads the streams. */
export const createDynamodb = async (
  template: Template,
  engine: Engine,
  parts: { iam: Iam; clock: Clock; place: { region: string; account: string }; log: (line: string) => void },
): Promise<Dynamodb> => {
  const { iam, clock, place, log } = parts
  const tables = await openTables(template, engine)
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
      `${operationPrefix}${operation}`,
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

  const { tookExpired, stop } = startExpiry([...tables.values()], { engine, clock, wake, log })
  return {
    tables,
    handle,
    onWrite(table, action) {
      watchers.set(table, [...(watchers.get(table) ?? []), action])
    },
    tookExpired,
    stop,
  }
}
