/**
 * What calls a person, and where it tells them. Each alarm names its section of the runbook, so whoever it wakes knows where
 * to read on.
 */
import { Duration, Stack } from 'aws-cdk-lib'
import {
  Alarm,
  ComparisonOperator,
  type IAlarmAction,
  type IMetric,
  MathExpression,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import type { ITable } from 'aws-cdk-lib/aws-dynamodb'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns'
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import type { Construct } from 'constructs'
import type { MetricDeclaration } from '../../../shared/contract/metric.ts'
import { entriesOf } from '../entries.ts'
import type { Stage } from '../stage.ts'
import { consumersOf, deadLettersOf, queuesOf, readersOf, type Watched } from './watched.ts'

/** Events, queues and streams are worked off in seconds. */
const longestWait = Duration.minutes(5)

/** Where all alarms go. Who else is to hear of them subscribes to it: a pager, a chat. */
export const alarmTopic = (scope: Construct, stage: Stage): Topic => {
  const topic = new Topic(scope, 'alarms', { topicName: `${stage.prefix}-alarms`, enforceSSL: true })
  // A topic with a policy of its own has lost the one that lets alarms of its account in.
  topic.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
  )
  if (stage.alarmEmail) topic.addSubscription(new EmailSubscription(stage.alarmEmail))
  return topic
}

export type AlarmProps = {
  /** Behind the stage's prefix; unlike any other of the shop. */
  name: string
  says: string
  /** Section of the runbook. */
  runbook: string
  metric: IMetric
  above: number
  /** Spans of the metric's period in a row. */
  times?: number
  silence?: 'alarms'
}

export const descriptionOf = ({ says, runbook }: Pick<AlarmProps, 'says' | 'runbook'>): string =>
  `${says}. Read on: cdk/operate/RUNBOOK.md#${runbook}`

/** An alarm that tells nobody: part of another. */
export const silentAlarm = (scope: Construct, stage: Stage, props: AlarmProps): Alarm =>
  new Alarm(scope, `${props.name}-alarm`, {
    alarmName: `${stage.prefix}-${props.name}`,
    alarmDescription: descriptionOf(props),
    metric: props.metric,
    threshold: props.above,
    evaluationPeriods: props.times ?? 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    treatMissingData: props.silence ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
  })

/** What a service of the stage counts itself. @param options.minutes are looked at together */
export const ownMetric = (
  { stage, service }: { stage: Stage; service: string },
  declared: MetricDeclaration,
  options: { minutes?: number } = {},
): Metric =>
  new Metric({
    namespace: stage.prefix,
    metricName: declared.name,
    dimensionsMap: { service },
    statistic: declared.statistic ?? 'Sum',
    period: Duration.minutes(options.minutes ?? 5),
  })

/** One of AWS's own, of one function. */
export const functionMetric = (fn: IFunction, metricName: string, statistic: string): Metric =>
  new Metric({
    namespace: 'AWS/Lambda',
    metricName,
    dimensionsMap: { FunctionName: fn.functionName },
    statistic,
    period: Duration.minutes(5),
  })

/** Requests that the table, or one of its indexes, turned away for being too many at once. */
export const throttledRequests = (table: ITable, indexes: number): MathExpression => {
  const places = [undefined, ...Array.from({ length: indexes }, (_, index) => `gsi${index + 1}`)]
  const usingMetrics = Object.fromEntries(
    places.flatMap((index) =>
      ['Read', 'Write'].map((kind) => [
        `${kind.toLowerCase()}${index ?? ''}`,
        new Metric({
          namespace: 'AWS/DynamoDB',
          metricName: `${kind}ThrottleEvents`,
          dimensionsMap: { TableName: table.tableName, ...(index ? { GlobalSecondaryIndexName: index } : {}) },
          statistic: 'Sum',
        }),
      ]),
    ),
  )
  return new MathExpression({
    expression: 'SUM(FILL(METRICS(), 0))',
    usingMetrics,
    label: 'throttled',
    period: Duration.minutes(5),
  })
}

/** Of all mails; SES looks at an account's mail from these rates on, and stops it at twice the first and five times the second. */
const returned = [
  { name: 'mails-bounce', metricName: 'Reputation.BounceRate', above: 0.05, says: 'Of a hundred mails five come back' },
  {
    name: 'mails-complained-of',
    metricName: 'Reputation.ComplaintRate',
    above: 0.001,
    says: 'Of a thousand people to whom the shop writes one says that it is spam',
  },
]

const mailAlarms = ({ stage, service }: Watched): AlarmProps[] =>
  entriesOf(service).some(({ declaration }) => declaration.uses?.includes('mail'))
    ? returned.map(({ metricName, ...props }) => ({
        ...props,
        runbook: 'mail-comes-back',
        metric: new Metric({
          namespace: 'AWS/SES',
          metricName,
          dimensionsMap: { 'ses:configuration-set': stage.prefix },
          statistic: 'Average',
          period: Duration.hours(1),
        }),
      }))
    : []

const alarmsOf = (watched: Watched): AlarmProps[] => {
  const { stage, service, table, tables } = watched
  return [
    ...deadLettersOf(watched).map(([of, queue]) => ({
      name: `${service.name}-${of}-dead-letters`,
      says: `What ${service.name}/${of} was to do lies in its dead-letter queue, undone`,
      runbook: 'dead-letters',
      metric: queue.metricApproximateNumberOfMessagesVisible(),
      above: 0,
    })),
    ...queuesOf(watched).map(([of, queue]) => ({
      name: `${service.name}-${of}-age`,
      says: `Messages wait for ${service.name}/${of} longer than ${longestWait.toMinutes()} minutes`,
      runbook: 'queue-age',
      metric: queue.metricApproximateAgeOfOldestMessage(),
      above: longestWait.toSeconds(),
    })),
    ...consumersOf(watched).map(({ name: of, lambda }) => ({
      name: `${service.name}-${of}-age`,
      says: `Events wait for ${service.name}/${of} longer than ${longestWait.toMinutes()} minutes`,
      runbook: 'event-age',
      metric: functionMetric(lambda, 'AsyncEventAge', 'Maximum'),
      above: longestWait.toMilliseconds(),
    })),
    ...readersOf(watched).map(({ name: of, lambda }) => ({
      name: `${service.name}-${of}-behind`,
      says: `${service.name}/${of} is more than ${longestWait.toMinutes()} minutes behind its table`,
      runbook: 'stream-behind',
      metric: functionMetric(lambda, 'IteratorAge', 'Maximum'),
      above: longestWait.toMilliseconds(),
    })),
    ...(table
      ? [
          {
            name: `${service.name}-table-throttled`,
            says: `The table of ${service.name} turns requests away`,
            runbook: 'table-throttled',
            metric: throttledRequests(table, service.table?.indexes ?? 0),
            above: 0,
            times: 2,
          },
        ]
      : []),
    ...[...tables].map(([of, second]) => ({
      name: `${service.name}-${of}-table-throttled`,
      says: `The table ${of} of ${service.name} turns requests away`,
      runbook: 'table-throttled',
      metric: throttledRequests(second, 0),
      above: 0,
      times: 2,
    })),
    ...mailAlarms(watched),
    ...Object.values(service.metrics ?? {}).flatMap((declared) =>
      declared.alarm
        ? [
            {
              ...declared.alarm,
              name: `${service.name}-${declared.alarm.runbook}`,
              metric: ownMetric({ stage, service: service.name }, declared, declared.alarm),
              above: 0,
            },
          ]
        : [],
    ),
  ]
}

/** Whether it tells of what is undone, or of what its service counts since it should never be: no stage does without. */
const isNeeded = ({ service: { metrics = {} } }: Watched, { runbook }: AlarmProps): boolean =>
  ['dead-letters', 'mail-comes-back'].includes(runbook) ||
  Object.values(metrics).some(({ alarm }) => alarm?.runbook === runbook)

/** The alarms of a service, made from its declaration. */
export const serviceAlarms = (scope: Construct, watched: Watched, topic: ITopic): Alarm[] => {
  const action: IAlarmAction = new SnsAction(topic)
  const chosen = alarmsOf(watched).filter((props) => watched.stage.watch === 'full' || isNeeded(watched, props))
  return chosen.map((props) => {
    const alarm = silentAlarm(scope, watched.stage, props)
    alarm.addAlarmAction(action)
    return alarm
  })
}
