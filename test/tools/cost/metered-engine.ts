/** Stands between the local cloud and its database, and adds up what DynamoDB would bill: the engine counts as it does. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { type Engine, startEngine } from '../../../cdk/local/dynamodb/engine.ts'
import type { Json } from '../../support/service.ts'

export type Units = { readUnits: number; writeUnits: number }

/** Units by where they went: `writeUnits orders/gsi1`. */
export type UnitsByPlace = Map<string, number>

export type MeteredEngine = {
  url: string
  units: () => Units
  byPlace: () => UnitsByPlace
  stop: () => Promise<void>
}

const reads = new Set(['GetItem', 'BatchGetItem', 'TransactGetItems', 'Query', 'Scan'])
const writes = new Set(['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'TransactWriteItems'])

/** What was refused by its condition is billed as well: at least a unit, in a transaction two for each item. */
const unitsOfRefused = (input: Json): number => 2 * (input.TransactItems?.length ?? 0.5)

/** Of the table's items, and of each index beside them. */
const placesOf = (output: Json): { place: string; units: number }[] =>
  [output.ConsumedCapacity ?? []].flat().flatMap((consumed: Json) => [
    { place: String(consumed.TableName), units: Number(consumed.Table?.CapacityUnits ?? consumed.CapacityUnits) },
    ...Object.entries<Json>(consumed.GlobalSecondaryIndexes ?? {}).map(([name, index]) => ({
      place: `${consumed.TableName}/${name}`,
      units: Number(index.CapacityUnits),
    })),
  ])

const forward = (engine: Engine, target: string, body: string): Promise<{ status: number; body: string }> =>
  new Promise((resolve, reject) => {
    engine.forward(
      target,
      body,
      (answer) => {
        text(answer).then((said) => resolve({ status: answer.statusCode ?? 500, body: said }), reject)
      },
      reject,
    )
  })

/** @param file where the tables are kept */
export const startMeteredEngine = async (file: string): Promise<MeteredEngine> => {
  const engine = await startEngine(file)
  const units: Units = { readUnits: 0, writeUnits: 0 }
  const byPlace: UnitsByPlace = new Map()
  const add = (kind: keyof Units, place: string, amount: number): void => {
    units[kind] += amount
    byPlace.set(`${kind} ${place}`, (byPlace.get(`${kind} ${place}`) ?? 0) + amount)
  }

  const answer = async (target: string, body: string) => {
    const operation = target.slice(target.indexOf('.') + 1)
    const kind = reads.has(operation) ? 'readUnits' : writes.has(operation) ? 'writeUnits' : undefined
    if (kind === undefined) return forward(engine, target, body)
    const input: Json = JSON.parse(body)
    const said = await forward(engine, target, JSON.stringify({ ...input, ReturnConsumedCapacity: 'INDEXES' }))
    if (said.status === 200)
      for (const { place, units: some } of placesOf(JSON.parse(said.body))) add(kind, place, some)
    else if (/ConditionalCheckFailed|TransactionCanceled/.test(said.body)) add(kind, 'refused', unitsOfRefused(input))
    return said
  }

  const server = createServer((request, response) => {
    text(request)
      .then((body) => answer(String(request.headers['x-amz-target']), body))
      .then(
        ({ status, body }) => {
          const headers = { 'content-type': 'application/x-amz-json-1.0', 'content-length': Buffer.byteLength(body) }
          response.writeHead(status, headers).end(body)
        },
        (error: Error) => response.writeHead(500).end(error.message),
      )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    units: () => ({ ...units }),
    byPlace: () => new Map(byPlace),
    async stop() {
      server.closeAllConnections()
      server.close()
      await engine.stop()
    },
  }
}
