/** From written items to the bus: the tables' streams and the relays that read them. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { bitsOf } from './decide.ts'
import type { InvokeFunction } from './functions.ts'
import { services } from './functions.ts'
import { latencyMs } from './gate.ts'
import type { Write } from './model.ts'
import type { World } from './world.ts'

type StreamRecord = { dynamodb: { NewImage: Record<string, AttributeValue>; SequenceNumber: string } }

type Shard = { name: string; relay: string; pending: StreamRecord[]; isRead: boolean; attempts: number; made: number }

/** Items are spread over so many shards; within one, order holds. */
const shardCounts = [1, 2, 2] as const
/** Milliseconds for which writes are gathered before they are read together. */
const gatheringMs = [0, 0, 500, 3_000] as const
const batchSize = 10

/** @returns what is to hear of every write */
export const createStreams = (world: World, invoke: InvokeFunction): ((write: Write) => void) => {
  const shards = new Map<string, Shard>()
  const shardsPerTable = world.pick('shards of a table', shardCounts)
  const gatheredForMs = world.pick('writes are gathered', gatheringMs)
  for (const { name, events } of services)
    for (let number = 0; events && number < shardsPerTable; number += 1)
      shards.set(`${name} ${number}`, {
        name: `${name} ${number}`,
        relay: `${name}/relay`,
        pending: [],
        isRead: false,
        attempts: 0,
        made: 0,
      })

  const read = (shard: Shard, delayMs: number): void => {
    if (shard.isRead || shard.pending.length === 0) return
    shard.isRead = true
    world.at(delayMs, () => relay(shard))
  }
  const relay = (shard: Shard): void => {
    const Records = shard.pending.slice(0, batchSize)
    const point = `${shard.relay} ${Records[0]?.dynamodb.SequenceNumber} ${shard.attempts}`
    invoke(shard.relay, point, { Records }, (outcome) => {
      shard.isRead = false
      const failures = outcome.ok
        ? (outcome.value as { batchItemFailures: { itemIdentifier: string }[] }).batchItemFailures
        : Records.map(({ dynamodb }) => ({ itemIdentifier: dynamodb.SequenceNumber }))
      const first = failures[0]?.itemIdentifier
      const published = first ? Records.findIndex(({ dynamodb }) => dynamodb.SequenceNumber === first) : Records.length
      const isLost = published > 0 && world.fault('checkpoint-lost', point)
      if (!isLost) shard.pending.splice(0, Math.max(0, published))
      const isStuck = isLost || first !== undefined
      shard.attempts = isStuck ? shard.attempts + 1 : 0
      read(shard, isStuck ? Math.min(60_000, 200 * 2 ** shard.attempts) : 1)
    })
  }

  return ({ table, key, after }) => {
    const shard = after?.outboxVersion && shards.get(`${table} ${bitsOf(7, key.pk) % shardsPerTable}`)
    if (!shard) return
    shard.made += 1
    shard.pending.push({ dynamodb: { NewImage: after, SequenceNumber: `${shard.name} ${shard.made}` } })
    const point = `stream ${shard.name} ${shard.made}`
    // Read late, it brings many records at once.
    const lateMs = world.fault('late', point) ? world.pick(`late ${point}`, [2_000, 60_000]) : 0
    read(shard, 20 + gatheredForMs + lateMs + latencyMs(world, point))
  }
}
