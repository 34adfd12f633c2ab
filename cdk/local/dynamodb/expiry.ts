/** Deletes items whose time has come, as DynamoDB does: some minutes late, and visibly by the service itself. */
import type { Clock, Timer } from '../clock.ts'
import { type Json, listOf, objectOf } from '../template/json.ts'
import { type Engine, operationPrefix } from './engine.ts'
import type { Table } from './tables.ts'

const sweepEveryMs = 300_000

export type Expiry = {
  /** True once for each item that the sweep deleted: its stream record says that the service did it. */
  tookExpired(table: string, keys: Json): boolean
  stop(): void
}

const expiredKey = (table: string, keys: Json): string =>
  `${table} ${JSON.stringify(Object.entries(objectOf(keys)).sort(([a], [b]) => (a < b ? -1 : 1)))}`

/** @param wake is called with the name of each table that items were deleted from */
export const startExpiry = (
  tables: readonly Table[],
  {
    engine,
    clock,
    wake,
    log,
  }: { engine: Engine; clock: Clock; wake: (table: string) => void; log: (line: string) => void },
): Expiry => {
  const expired = new Set<string>()

  const sweep = async ({ name, keys, ttlAttribute }: Table): Promise<void> => {
    const now = Math.floor(clock.now() / 1000)
    const isPast = {
      ExpressionAttributeNames: { '#ttl': ttlAttribute ?? '' },
      // DynamoDB leaves alone what expired more than five years ago.
      ExpressionAttributeValues: { ':now': { N: String(now) }, ':old': { N: String(now - 157_680_000) } },
    }
    let ExclusiveStartKey: Json | undefined
    do {
      const page = await engine.call(`${operationPrefix}Scan`, {
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
          await engine.call(`${operationPrefix}DeleteItem`, { TableName: name, Key, ...condition })
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
    for (const table of tables) {
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
    tookExpired: (table, keys) => expired.delete(expiredKey(table, keys)),
    stop() {
      stopped = true
      timer?.cancel()
    },
  }
}
