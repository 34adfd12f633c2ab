/** A service's dashboard, made from its declaration; and the questions to its logs that are asked again and again. */
import { Duration } from 'aws-cdk-lib'
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  LogQueryWidget,
  Metric,
} from 'aws-cdk-lib/aws-cloudwatch'
import type { ITable } from 'aws-cdk-lib/aws-dynamodb'
import { type ILogGroup, QueryDefinition, QueryString } from 'aws-cdk-lib/aws-logs'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import { commonMetrics, type MetricDeclaration } from '../../../shared/contract/metric.ts'
import type { Stage } from '../stage.ts'
import { functionMetric, ownMetric, throttledRequests } from './alarms.ts'
import { consumersOf, deadLettersOf, queuesOf, readersOf, type Watched, type WatchedFunction } from './watched.ts'

/** Three graphs stand side by side. */
const [width, height] = [8, 6]

export const graph = (title: string, left: IMetric[], stacked = false): IWidget =>
  new GraphWidget({ title, left, width, height, stacked, leftYAxis: { min: 0, showUnits: false } })

/** What a service counts itself, as a line with its name. */
export const ownLine = (
  of: { stage: Stage; service: string },
  declared: MetricDeclaration,
  label = declared.name,
): Metric => {
  const line = ownMetric(of, declared)
  return declared.unit === 'money'
    ? line.with({ label, dimensionsMap: { service: of.service, currency: of.stage.shop.currency } })
    : line.with({ label })
}

const each = (functions: readonly WatchedFunction[], metricName: string, statistic: string): IMetric[] =>
  functions.map(({ name: label, lambda }) => functionMetric(lambda, metricName, statistic).with({ label }))

const eachQueue = (
  queues: [string, IQueue][],
  of: 'metricApproximateAgeOfOldestMessage' | 'metricApproximateNumberOfMessagesVisible',
): IMetric[] => queues.map(([label, queue]) => queue[of]({ label, statistic: 'Maximum' }))

const capacity = (table: ITable): IMetric[] =>
  ['Read', 'Write'].map(
    (kind) =>
      new Metric({
        namespace: 'AWS/DynamoDB',
        metricName: `Consumed${kind}CapacityUnits`,
        dimensionsMap: { TableName: table.tableName },
        statistic: 'Sum',
        label: `${kind.toLowerCase()} units`,
      }),
  )

const some = (title: string, lines: IMetric[], stacked = false): IWidget[] =>
  lines.length > 0 ? [graph(title, lines, stacked)] : []

const logGroupsOf = ({ functions }: Watched): ILogGroup[] => functions.map(({ lambda }) => lambda.logGroup)

/** Ours, what Lambda tells of an error that a function threw, and of one that ran out of time or memory. */
const errorFilter = 'level = "ERROR" or (type = "platform.report" and record.status != "success")'
const errorFields = [
  '@timestamp',
  'coalesce(`function`, @log) as place',
  'coalesce(error.name, message.errorType, record.status) as what',
  'coalesce(error.message, message.errorMessage, message) as why',
  'trace_id',
]

const errorLines = [`fields ${errorFields.join(', ')}`, `filter ${errorFilter}`, 'sort @timestamp desc', 'limit 50']

const widgetsOf = (watched: Watched): IWidget[] => {
  const { stage, service, table, tables, functions } = watched
  // On the latency of those that have a route people wait.
  const endpoints = functions.filter(({ kind }) => kind === 'endpoint')
  const of = { stage, service: service.name }
  const { serverErrors, failedMessages, coldStarts, fallbacks } = commonMetrics
  const relay = functions.find(({ kind }) => kind === 'relay')
  return [
    ...Object.values(service.metrics ?? {}).map((declared) => graph(declared.summary, [ownLine(of, declared)])),
    ...some('Requests', each(endpoints, 'Invocations', 'Sum'), true),
    graph('Errors: 5xx, messages given back, functions that threw', [
      ownLine(of, serverErrors, 'answered with 5xx'),
      ...(queuesOf(watched).length > 0 ? [ownLine(of, failedMessages, 'given back')] : []),
      ...each(functions, 'Errors', 'Sum'),
    ]),
    ...some('Latency, half of the requests (ms)', each(endpoints, 'Duration', 'p50')),
    ...some('Latency, 99 of 100 requests (ms)', each(endpoints, 'Duration', 'p99')),
    graph('Throttles', each(functions, 'Throttles', 'Sum')),
    graph('Cold starts', [ownLine(of, coldStarts)]),
    ...some('Oldest event (ms)', each(consumersOf(watched), 'AsyncEventAge', 'Maximum')),
    // What was given up lies in a dead-letter queue, which has an alarm; what could not be put there is lost.
    ...some('Events given up, and those of them that are lost', [
      ...each(consumersOf(watched), 'AsyncEventsDropped', 'Sum'),
      ...each(consumersOf(watched), 'DestinationDeliveryFailures', 'Sum'),
    ]),
    ...some('Oldest message (s)', eachQueue(queuesOf(watched), 'metricApproximateAgeOfOldestMessage')),
    ...some('Behind the table (ms)', each(readersOf(watched), 'IteratorAge', 'Maximum')),
    ...some('Dead letters', eachQueue(deadLettersOf(watched), 'metricApproximateNumberOfMessagesVisible')),
    ...(table
      ? [
          graph('Table: capacity used', capacity(table)),
          graph('Table: requests turned away', [throttledRequests(table, service.table?.indexes ?? 0)]),
        ]
      : []),
    ...[...tables].flatMap(([name, second]) => [
      graph(`Table ${name}: capacity used`, capacity(second)),
      graph(`Table ${name}: requests turned away`, [throttledRequests(second, 0)]),
    ]),
    graph('Between services', [
      ...(relay
        ? [functionMetric(relay.lambda, 'Invocations', 'Sum').with({ label: 'batches of events published' })]
        : []),
      ownLine(of, fallbacks),
    ]),
  ]
}

/** Widgets in rows, as many as fit. */
export const rowsOf = (widgets: IWidget[]): IWidget[][] =>
  Array.from({ length: Math.ceil(widgets.length / 3) }, (_, row) => widgets.slice(row * 3, row * 3 + 3))

export const serviceDashboard = (scope: Construct, watched: Watched, alarms: Alarm[]): void => {
  const { stage, service } = watched
  new Dashboard(scope, 'dashboard', {
    dashboardName: `${stage.prefix}-${service.name}`,
    defaultInterval: Duration.hours(3),
    widgets: [
      ...(alarms.length > 0 ? [[new AlarmStatusWidget({ title: 'Alarms', alarms, width: 24, height: 4 })]] : []),
      ...rowsOf(widgetsOf(watched)),
      [
        new LogQueryWidget({
          title: 'Latest errors',
          logGroupNames: logGroupsOf(watched).map(({ logGroupName }) => logGroupName),
          queryLines: errorLines,
          width: 24,
          height,
        }),
      ],
    ],
  })
}

/** Saved in CloudWatch under `shop-dev/orders/…`; only running one costs, by what it reads. */
export const serviceQueries = (scope: Construct, watched: Watched): void => {
  const { stage, service } = watched
  const save = (name: string, queryString: QueryString): void => {
    new QueryDefinition(scope, `${name.replaceAll(' ', '-')}-query`, {
      queryDefinitionName: `${stage.prefix}/${service.name}/${name}`,
      logGroups: logGroupsOf(watched),
      queryString,
    })
  }
  save(
    'errors',
    new QueryString({
      fields: errorFields,
      filterStatements: [errorFilter],
      sort: '@timestamp desc',
      limit: 100,
    }),
  )
  save(
    'one trace',
    new QueryString({
      fields: ['@timestamp', 'service', '`function`', 'level', 'message', 'order_id', 'events.0'],
      filterStatements: ['trace_id = "put the trace_id of a problem or a log line here"'],
      sort: '@timestamp asc',
      limit: 1000,
    }),
  )
  // Lambda reports on each invocation only of functions that log at level DEBUG.
  save(
    'functions by time and memory',
    new QueryString({
      filterStatements: ['type = "platform.report"'],
      statsStatements: [
        'count(*) as invocations, count(record.metrics.initDurationMs) as coldStarts, avg(record.metrics.initDurationMs) as coldStartMs, pct(record.metrics.durationMs, 99) as p99Ms, max(record.metrics.maxMemoryUsedMB) as maxMegabytes by @log',
      ],
      sort: 'p99Ms desc',
    }),
  )
}
