/** Reads what mappings of queues and of streams have in common, and how a function reports what failed. */
import { compileFilters, type Matcher } from '../events/pattern.ts'
import type { Iam } from '../iam/iam.ts'
import type { Lambda, LambdaFunction } from '../lambda/lambda.ts'
import { StartError } from '../start-error.ts'
import { objectOf, parseObject, textOf } from '../template/json.ts'
import type { ResourceOf } from '../template/template.ts'
import type { eventSourceMappingType, MappingProperties } from './resources.ts'

/** A running event source mapping. */
export type EventSource = {
  name: string
  isPending(): boolean
  /** Whether all that is pending only waits for more to come along, for as long as its batching window lasts. */
  isGathering(): boolean
  /** Ends that wait: a window is the longest that a batch may wait, and none need. */
  hurry(): void
  stop(): void
}

/** What the mappings of queues and of streams have in common. */
export type Mapping = {
  id: string
  where: string
  sourceArn: string
  lambda: LambdaFunction
  batchSize: number
  windowMs: number
  reportsItemFailures: boolean
  passes: Matcher
  properties: MappingProperties
}

/** Reads a mapping. Undefined where it is switched off. */
export const readMapping = (
  { stack, logicalId, where, properties }: ResourceOf<typeof eventSourceMappingType>,
  lambda: Lambda,
  defaultBatchSize: number,
): Mapping | undefined => {
  if (!properties.Enabled) return undefined
  const target = lambda.functions.get(properties.FunctionName.split(':').at(-1) ?? '')
  if (target === undefined) throw new StartError(`${where}: function ${properties.FunctionName} does not exist`)
  const filters = properties.FilterCriteria?.Filters ?? []
  return {
    id: `${stack}/${logicalId}`,
    where,
    sourceArn: properties.EventSourceArn,
    lambda: target,
    batchSize: properties.BatchSize ?? defaultBatchSize,
    windowMs: properties.MaximumBatchingWindowInSeconds * 1000,
    reportsItemFailures: properties.FunctionResponseTypes.includes('ReportBatchItemFailures'),
    passes: compileFilters(filters.map(({ Pattern }) => Pattern)),
    properties,
  }
}

/** Lambda refuses a mapping whose function's role may not read the source; so does this. */
export const requireActions = ({ where, lambda }: Mapping, iam: Iam, sourceArn: string, actions: string[]): void => {
  const missing = actions.find((action) => !iam.roleAllows(lambda.role, action, sourceArn))
  if (missing !== undefined) throw new StartError(`${where}: role ${lambda.role} lacks ${missing} on ${sourceArn}`)
}

/**
 * The identifiers of failed items in a function's answer; 'all' where the answer says nothing usable, as Lambda
 * takes it. An empty list, an empty object and null are success.
 */
export const itemFailures = (payload: string, known: Set<string>): string[] | 'all' => {
  if (payload === 'null' || payload === '""') return []
  const answer = parseObject(payload)
  if (answer === undefined) return 'all'
  const { batchItemFailures } = answer
  if (batchItemFailures === undefined || batchItemFailures === null) return []
  if (!Array.isArray(batchItemFailures)) return 'all'
  const identifiers = batchItemFailures.map((failure) => textOf(objectOf(failure).itemIdentifier))
  return identifiers.every((identifier) => known.has(identifier)) ? identifiers : 'all'
}
