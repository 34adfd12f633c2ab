/** What the shop puts up, counted: it costs by the month, whether anybody comes or not. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { services } from '../../../functions/services.ts'
import type { ServiceDeclaration } from '../../../shared/contract/endpoint.ts'
import type { MetricDeclaration } from '../../../shared/contract/metric.ts'
import type { Json } from '../../support/service.ts'
import { assumptions, idlePollsPerMonth, prices } from './prices.ts'
import { standing } from './usage.ts'

export type Standing = {
  /** What is billed by the month, by type: alarms by the metrics that they watch. */
  resources: ReadonlyMap<string, number>
  /** Queues that a function reads: they are asked for messages all the time. */
  polledQueues: number
  /** Of functions that run by the clock, in a month. */
  scheduledRuns: number
}

/** A line of the bill of a month. */
export type MonthlyLine = { label: string; count: number; dollars: number }

const minutesPerMonth = 30 * 24 * 60

/** Cold starts, and what the service declares; money in the one currency of the shop. */
const metricsOf = ({ metrics = {} }: ServiceDeclaration): number => 1 + Object.keys(metrics).length

/** Where nobody comes, only functions that run by the clock start, and only levels that are looked at again and again are counted. */
const idleMetricsOf = ({ metrics = {}, schedules = {} }: ServiceDeclaration): number => {
  const levels = Object.values<MetricDeclaration>(metrics).filter(({ alarm }) => alarm?.silence !== undefined)
  return Object.keys(schedules).length > 0 ? 1 + levels.length : 0
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0)

const metricsWatchedBy = ({ Metrics }: Json): number =>
  Metrics === undefined ? 1 : Metrics.filter(({ MetricStat }: Json) => MetricStat !== undefined).length

/** Of the table and of each of its indexes. */
const unitsReady = (kind: 'Read' | 'Write', { ProvisionedThroughput, GlobalSecondaryIndexes = [] }: Json): number =>
  sum(
    [{ ProvisionedThroughput }, ...GlobalSecondaryIndexes].map((place: Json) =>
      Number(place.ProvisionedThroughput?.[`${kind}CapacityUnits`] ?? 0),
    ),
  )

const runsOf = ({ ScheduleExpression }: Json): number => {
  const [, times, unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(ScheduleExpression ?? '') ?? []
  const minutes = { minute: 1, hour: 60, day: 24 * 60 }[unit]
  return times === undefined || minutes === undefined ? 0 : minutesPerMonth / (Number(times) * minutes)
}

/**
 * @param assembly the folder that CDK synthesised
 * @param isIdle whether nobody comes
 */
export const countStanding = (assembly: string, isIdle = false): Standing => {
  const found: Json[] = readdirSync(assembly)
    .filter((name) => name.endsWith('.template.json'))
    .flatMap((name) => Object.values(JSON.parse(readFileSync(join(assembly, name), 'utf8')).Resources))
  const ofType = (type: string): Json[] => found.filter(({ Type }) => Type === type).map(({ Properties }) => Properties)
  const tables = ofType('AWS::DynamoDB::Table')
  const resources = new Map<string, number>()
  for (const { Type } of found) resources.set(Type, (resources.get(Type) ?? 0) + 1)
  resources.set('AWS::CloudWatch::Alarm', sum(ofType('AWS::CloudWatch::Alarm').map(metricsWatchedBy)))
  resources.set('readCapacity', sum(tables.map((table) => unitsReady('Read', table))))
  resources.set('writeCapacity', sum(tables.map((table) => unitsReady('Write', table))))
  resources.set('metric', sum(services.map(isIdle ? idleMetricsOf : metricsOf)))
  // A stream's mapping says where in the stream it starts; a queue's cannot.
  const polled = ofType('AWS::Lambda::EventSourceMapping').filter(
    ({ StartingPosition }) => StartingPosition === undefined,
  )
  const scheduledRuns = sum(ofType('AWS::Events::Rule').map(runsOf))
  return { resources, polledQueues: polled.length, scheduledRuns }
}

/** What a month costs before anybody comes: dollars by what it is for. */
export const linesOf = ({ resources, polledQueues, scheduledRuns }: Standing): MonthlyLine[] => {
  const polls = (polledQueues * idlePollsPerMonth * prices.queueRequests.perMillion) / 1e6
  const run =
    prices.invocations.perMillion +
    assumptions.idleRunMs * assumptions.waitingMegabytes * prices.megabyteMs.perMillion +
    0.5 * prices.readUnits.perMillion
  return [
    ...standing(resources),
    { label: 'queues asked in vain', count: polledQueues, dollars: polls },
    { label: 'scheduled runs', count: scheduledRuns, dollars: (scheduledRuns * run) / 1e6 },
  ].filter(({ count }) => count > 0)
}
