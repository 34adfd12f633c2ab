/** Starts every event source mapping, refusing those whose role could not read the source on AWS. */
import type { Clock } from '../clock.ts'
import type { Dynamodb } from '../dynamodb/dynamodb.ts'
import type { Engine } from '../dynamodb/engine.ts'
import { openStream } from '../dynamodb/stream.ts'
import type { Iam } from '../iam/iam.ts'
import type { Lambda } from '../lambda/lambda.ts'
import type { Sqs } from '../sqs/sqs.ts'
import { StartError } from '../start-error.ts'
import type { State } from '../state/state.ts'
import type { Template } from '../template/template.ts'
import { type EventSource, readMapping, requireActions } from './event-source.ts'
import { startQueueSource } from './queue.ts'
import { eventSourceMappingType } from './resources.ts'
import { startStreamSource } from './stream.ts'

export type Sources = {
  template: Template
  engine: Engine
  state: State
  dynamodb: Dynamodb
  sqs: Sqs
  lambda: Lambda
  iam: Iam
  clock: Clock
  region: string
  log: (line: string) => void
}

/** Starts every event source mapping of the template. */
export const startSources = async (parts: Sources): Promise<EventSource[]> => {
  const { template, engine, state, dynamodb, sqs, lambda, iam, clock, region, log } = parts
  const sources: EventSource[] = []
  for (const resource of template.ofType(eventSourceMappingType)) {
    const arn = resource.properties.EventSourceArn
    const queue = sqs.byArn(arn)
    const mapping = readMapping(resource, lambda, queue === undefined ? 100 : 10)
    if (mapping === undefined) continue
    if (queue !== undefined) {
      requireActions(mapping, iam, arn, ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'])
      if (queue.visibilityTimeoutMs < mapping.lambda.timeoutMs)
        throw new StartError(
          `${mapping.where}: the queue's visibility time-out is shorter than the function's time-out`,
        )
      sources.push(startQueueSource(mapping, queue, { sqs, lambda, clock, region, log }))
      continue
    }
    const table = [...dynamodb.tables.values()].find(({ streamArn }) => streamArn === arn)
    if (table === undefined) throw new StartError(`${mapping.where}: ${arn} is no queue and no stream here`)
    requireActions(mapping, iam, arn, ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'])
    const { StartingPosition: startingPosition = '', DestinationConfig } = mapping.properties
    const reader = await openStream({ mapping: mapping.id, table, startingPosition, region }, engine, state, dynamodb)
    const onFailure = sqs.byArn(DestinationConfig?.OnFailure?.Destination ?? '')
    if (onFailure !== undefined) requireActions(mapping, iam, onFailure.arn, ['sqs:SendMessage'])
    const source = startStreamSource(mapping, { reader, onFailure, sqs, lambda, clock, log })
    dynamodb.onWrite(table.name, source.wake)
    sources.push(source)
  }
  return sources
}
