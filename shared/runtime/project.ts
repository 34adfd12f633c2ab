/** Wraps projections: functions that keep a view of their own table's items, told by its stream which were written. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import middy from '@middy/core'
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda'
import * as z from 'zod/mini'
import type { ProjectionDeclaration } from '../contract/endpoint.ts'
import { asError } from './errors.ts'
import { instantiable, type Makers, type PartsOf } from './instance.ts'
import { logger, observe } from './observability.ts'
import type { Key } from './table.ts'
import { continueTrace, withTrace } from './trace.ts'

/**
 * Brings the view of one item up to date with the item as it stands now, whatever the write that it hears of was: so
 * writes may be told twice, late, or out of order.
 */
export type Project = (key: Key) => Promise<void>

/** Items worked on at the same time. */
const atOnce = 10

const Keys = z.object({ pk: z.string(), sk: z.string() })

type Written = { key: Key; sequenceNumber: string }

const writtenIn = ({ dynamodb }: DynamoDBRecord): Written[] =>
  dynamodb?.Keys && dynamodb.SequenceNumber
    ? [
        {
          key: Keys.parse(unmarshall(dynamodb.Keys as Record<string, AttributeValue>)),
          sequenceNumber: dynamodb.SequenceNumber,
        },
      ]
    : []

/** @returns the stream's partial batch response: the first record of an item that failed, from which it delivers again */
export const projectRecords = async (
  records: readonly DynamoDBRecord[],
  projectOne: Project,
): Promise<DynamoDBBatchResponse> => {
  const written = records.flatMap(writtenIn)
  const items = new Map(written.map(({ key }) => [`${key.pk} ${key.sk}`, key]))
  const waiting = [...items]
  const failed = new Set<string>()
  const work = async (): Promise<void> => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const [name, key] = next
      try {
        await projectOne(key)
      } catch (error) {
        logger.error('a view is not up to date for now', { item: name, error: asError(error) })
        failed.add(name)
      }
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  const first = written.find(({ key }) => failed.has(`${key.pk} ${key.sk}`))
  return { batchItemFailures: first ? [{ itemIdentifier: first.sequenceNumber }] : [] }
}

/** @param makers of the parts that it needs @param bring brings the view of one item up to date, as `Project` says */
export const project = <M extends Makers>(
  _declaration: ProjectionDeclaration,
  makers: M,
  bring: (key: Key, parts: PartsOf<M>) => Promise<void>,
) =>
  instantiable(makers, (parts) =>
    middy((event: DynamoDBStreamEvent) =>
      withTrace(continueTrace(undefined), () => projectRecords(event.Records, (key) => bring(key, parts()))),
    ).use(observe()),
  )
