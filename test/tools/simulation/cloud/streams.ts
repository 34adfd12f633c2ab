/** The tables' streams and who reads them: relays, which lead to the bus, and projections. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { kebab } from '../../../../shared/contract/endpoint.ts'
import { latencyMs } from '../faults/gate.ts'
import { bitsOf } from '../world/decide.ts'
import type { InvokeFunction } from '../world/functions.ts'
import { services } from '../world/functions.ts'
import type { RunContext } from '../world/run-context.ts'
import { hasSearch } from '../world/sampling.ts'
import type { Write } from './model/model.ts'

type Image = Record<string, AttributeValue>
type StreamRecord = { dynamodb: { Keys: Image; NewImage: Image; SequenceNumber: string } }

/** What one reader has not read yet of a part of a table's stream. */
type Shard = {
  name: string
  reader: string
  isProjection: boolean
  pending: StreamRecord[]
  isRead: boolean
  attempts: number
  made: number
}

/** Items are spread over so many shards; within one, order holds. */
const shardCounts = [1, 2, 2] as const
/** Milliseconds for which writes are gathered before they are read together. */
const gatheringMs = [0, 0, 500, 3_000] as const
const batchSize = 10

/** @returns what is to hear of every write */
export const createStreams = (run: RunContext, invoke: InvokeFunction): ((write: Write) => void) => {
  const shards = new Map<string, Shard>()
  const shardsPerTable = run.pick('shards of a table', shardCounts)
  const gatheredForMs = run.pick('writes are gathered', gatheringMs)
  const open = (reader: string, isProjection: boolean): void => {
    for (let number = 0; number < shardsPerTable; number += 1) {
      const name = `${reader} ${number}`
      shards.set(name, { name, reader, isProjection, pending: [], isRead: false, attempts: 0, made: 0 })
    }
  }
  for (const { name, events } of services) if (events) open(`${name}/relay`, false)
  /** By table and sort key, the projections that hear of such an item. */
  const projections = new Map<string, string>()
  for (const { name: service, projections: declared = {} } of hasSearch(run.seed) ? services : [])
    for (const [key, { of }] of Object.entries(declared)) {
      const reader = `${service}/${kebab(key)}`
      projections.set(`${service} ${of}`, reader)
      open(reader, true)
    }

  const read = (shard: Shard, delayMs: number): void => {
    if (shard.isRead || shard.pending.length === 0) return
    shard.isRead = true
    run.at(delayMs, () => handOver(shard))
  }
  /** A view is also brought up to date by a redrive, or by a rebuild, at whatever moment. */
  const tellAgain = ({ reader, isProjection }: Shard, point: string, Records: StreamRecord[]): void => {
    for (const time of isProjection ? ['once', 'twice'] : []) {
      const name = `${point} told again ${time}`
      if (run.chance(name) > 0.6) continue
      const delayMs = run.pick(`${name} after`, [0, 5, 20, 60, 200, 1_000])
      run.at(delayMs, () => invoke(reader, name, { Records }, () => undefined))
    }
  }
  const handOver = (shard: Shard): void => {
    const Records = shard.pending.slice(0, batchSize)
    const point = `${shard.reader} ${Records[0]?.dynamodb.SequenceNumber} ${shard.attempts}`
    tellAgain(shard, point, Records)
    invoke(shard.reader, point, { Records }, (outcome) => {
      shard.isRead = false
      const failures = outcome.ok
        ? (outcome.value as { batchItemFailures: { itemIdentifier: string }[] }).batchItemFailures
        : Records.map(({ dynamodb }) => ({ itemIdentifier: dynamodb.SequenceNumber }))
      const first = failures[0]?.itemIdentifier
      const published = first ? Records.findIndex(({ dynamodb }) => dynamodb.SequenceNumber === first) : Records.length
      const isLost = published > 0 && run.fault('checkpoint-lost', point)
      if (!isLost) shard.pending.splice(0, Math.max(0, published))
      const isStuck = isLost || first !== undefined
      shard.attempts = isStuck ? shard.attempts + 1 : 0
      read(shard, isStuck ? Math.min(60_000, 200 * 2 ** shard.attempts) : 1)
    })
  }

  return ({ table, key, after }) => {
    if (!after) return
    const readers = [after.outboxVersion && `${table}/relay`, projections.get(`${table} ${key.sk}`)]
    for (const reader of readers) {
      const shard = reader && shards.get(`${reader} ${bitsOf(7, key.pk) % shardsPerTable}`)
      if (!shard) continue
      shard.made += 1
      const Keys = { pk: { S: key.pk }, sk: { S: key.sk } }
      shard.pending.push({ dynamodb: { Keys, NewImage: after, SequenceNumber: `${shard.name} ${shard.made}` } })
      const point = `stream ${shard.name} ${shard.made}`
      // Read late, it brings many records at once.
      const lateMs = run.fault('late', point) ? run.pick(`late ${point}`, [2_000, 60_000]) : 0
      read(shard, 20 + gatheredForMs + lateMs + latencyMs(run, point))
    }
  }
}
