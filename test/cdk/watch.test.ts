/** Alarms and dashboards: that each looks at something that is there, and that whoever an alarm wakes finds what to do. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import { projectRoot } from '../../cdk/constructs/project.ts'
import { stageNamed } from '../../cdk/stages.ts'
import { services } from '../../functions/services.ts'
import { commonMetrics, type MetricDeclaration } from '../../shared/contract/metric.ts'
import type { Json } from '../support/service.ts'
import {
  bodyOfDashboard,
  metricsOfAlarm,
  metricsOfDashboard,
  ofType,
  type Resource,
  resources,
  type Shown,
} from '../support/templates.ts'

const { prefix, shop } = stageNamed('dev')
const alarms = ofType('AWS::CloudWatch::Alarm')
const composites = ofType('AWS::CloudWatch::CompositeAlarm')
const dashboards = ofType('AWS::CloudWatch::Dashboard')
const isPartOf = (composite: Resource, { stack, id }: Resource): boolean =>
  composite.stack === stack && JSON.stringify(composite.Properties.AlarmRule).includes(`["${id}","Arn"]`)

const runbook = readFileSync(join(projectRoot, 'cdk/operate/RUNBOOK.md'), 'utf8')
/** Anchors as GitHub makes them, and what stands below. */
const sections = new Map(
  runbook
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const [heading = '', ...text] = section.split('\n')
      return [
        heading
          .toLowerCase()
          .replace(/[^\w\s-]/g, '')
          .replaceAll(' ', '-'),
        text.join('\n'),
      ]
    }),
)
const sectionOf = ({ Properties }: Resource): string =>
  / Read on: cdk\/operate\/RUNBOOK\.md#([\w-]+)$/.exec(Properties.AlarmDescription)?.[1] ?? ''

/** What AWS measures without being asked: names, by namespace and dimension, and the resource that the dimension is of. */
const ofAws: Record<string, { type: string; names: string[] }> = {
  'AWS/SQS QueueName': {
    type: 'AWS::SQS::Queue',
    names: ['ApproximateNumberOfMessagesVisible', 'ApproximateAgeOfOldestMessage'],
  },
  'AWS/Lambda FunctionName': {
    type: 'AWS::Lambda::Function',
    names: [
      'Invocations',
      'Errors',
      'Duration',
      'Throttles',
      'IteratorAge',
      'AsyncEventAge',
      'AsyncEventsDropped',
      'DestinationDeliveryFailures',
    ],
  },
  'AWS/DynamoDB TableName': {
    type: 'AWS::DynamoDB::Table',
    names: ['ReadThrottleEvents', 'WriteThrottleEvents', 'ConsumedReadCapacityUnits', 'ConsumedWriteCapacityUnits'],
  },
  'AWS/ApiGateway ApiId': { type: 'AWS::ApiGatewayV2::Api', names: ['Count', '4xx', '5xx', 'Latency'] },
}
const ofTheAccount = ['AWS/Lambda Throttles', 'AWS/Lambda ConcurrentExecutions']

const declaredOf = (service: string): MetricDeclaration[] => [
  ...Object.values(commonMetrics),
  ...Object.values(services.find(({ name }) => name === service)?.metrics ?? {}),
]

const isOwn = ({ name, dimensions }: Shown): boolean => {
  const declared = declaredOf(String(dimensions.service)).find((metric) => metric.name === name)
  const others = declared?.unit === 'money' ? { currency: shop.currency } : {}
  return declared !== undefined && isDeepStrictEqual(dimensions, { service: dimensions.service, ...others })
}

const isOfAws = ({ namespace, name, dimensions }: Shown): boolean => {
  const { GlobalSecondaryIndexName: index, ...others } = dimensions
  const [entry, ...more] = Object.entries(others)
  if (isDeepStrictEqual(dimensions, { 'ses:configuration-set': prefix }))
    return namespace === 'AWS/SES' && ['Reputation.BounceRate', 'Reputation.ComplaintRate'].includes(name)
  if (!entry) return ofTheAccount.includes(`${namespace} ${name}`)
  const [dimension, of] = entry
  const known = ofAws[`${namespace} ${dimension}`]
  // Of another stack's function a dashboard knows the name.
  const resource =
    typeof of === 'string'
      ? ofType('AWS::Lambda::Function').find(({ Properties }) => Properties.FunctionName === of)
      : of
  if (more.length > 0 || !resource || !known?.names.includes(name)) return false
  const hasIndex = (resource.Properties.GlobalSecondaryIndexes ?? []).some(({ IndexName }: Json) => IndexName === index)
  return resource.Type === known.type && (index === undefined || hasIndex)
}

/** Fails unless AWS or the shop's code gives the metric. */
const assertGiven = (shown: Shown): void => {
  const { stack, namespace, name, dimensions } = shown
  assert.ok(
    namespace === prefix ? isOwn(shown) : isOfAws(shown),
    `${stack} ${namespace} ${name} ${Object.keys(dimensions)}`,
  )
}

describe('every alarm', () => {
  test('names its section of the runbook, which says what it means, how to look and what to do', () => {
    // Where a stage releases gradually there is one more alarm: see stages.test.ts.
    const used = new Set([...[...alarms, ...composites].map(sectionOf), 'release-went-back'])
    for (const section of used)
      for (const part of ['**Means.**', '**Look.**', '**Do.**'])
        assert.ok(sections.get(section)?.includes(part), `${section} ${part}`)
    const unused = [...sections].filter(([name, text]) => text.includes('**Means.**') && !used.has(name))
    assert.deepEqual(unused, [])
  })

  test('tells the topic, unless it is part of one that does', () => {
    const [topic, ...others] = ofType('AWS::SNS::Topic')
    assert.deepEqual(others, [])
    const allowed = ofType('AWS::SNS::TopicPolicy')[0]?.Properties.PolicyDocument.Statement.find(
      ({ Effect }: Json) => Effect === 'Allow',
    )
    assert.deepEqual(
      { Action: allowed.Action, Principal: allowed.Principal },
      { Action: 'sns:Publish', Principal: { Service: 'cloudwatch.amazonaws.com' } },
    )
    for (const alarm of [...alarms, ...composites]) {
      const { AlarmActions: actions } = alarm.Properties
      const isPart = composites.some((composite) => isPartOf(composite, alarm))
      if (isPart) assert.equal(actions, undefined, alarm.id)
      else assert.ok(actions.length === 1 && JSON.stringify(actions).includes(String(topic?.id)), alarm.id)
    }
  })

  test('is called by a name of its own behind the stage’s prefix', () => {
    const names = [...alarms, ...composites].map(({ Properties }) => Properties.AlarmName)
    assert.equal(new Set(names).size, names.length)
    for (const name of names) assert.ok(name.startsWith(`${prefix}-`), name)
  })

  test('takes silence for good, but where each run counts, if only zero', () => {
    const silent = alarms.filter(({ Properties }) => Properties.TreatMissingData === 'breaching')
    assert.deepEqual(silent.map(({ Properties }) => Properties.MetricName).toSorted(), [
      'OrdersStuck',
      'ReconciliationDrift',
    ])
    for (const { id, Properties } of alarms)
      assert.ok(['breaching', 'notBreaching'].includes(Properties.TreatMissingData), id)
  })

  test('watches what AWS measures of a resource that is there, or what the shop declares to count', () => {
    for (const alarm of alarms) {
      const watched = metricsOfAlarm(alarm)
      assert.ok(watched.length > 0 && watched.length < 10, alarm.id)
      for (const shown of watched) assertGiven(shown)
    }
  })
})

describe('alarms', () => {
  const watching = (name: string, { stack, id }: Resource): number =>
    alarms
      .flatMap(metricsOfAlarm)
      .filter((shown) => shown.name === name)
      .filter(({ dimensions }) =>
        Object.values(dimensions).some((of) => of === resources.find((one) => one.id === id && one.stack === stack)),
      ).length

  test('there is one for each dead-letter queue, each other queue, each consumer, each reader of a stream, each table and index', () => {
    for (const queue of ofType('AWS::SQS::Queue')) {
      const isDeadLetters = queue.Properties.RedrivePolicy === undefined
      assert.equal(watching('ApproximateNumberOfMessagesVisible', queue), isDeadLetters ? 1 : 0, queue.id)
      assert.equal(watching('ApproximateAgeOfOldestMessage', queue), isDeadLetters ? 0 : 1, queue.id)
    }
    for (const fn of ofType('AWS::Lambda::Function')) {
      const readsStream = ofType('AWS::Lambda::EventSourceMapping').some(
        ({ stack, Properties }) =>
          stack === fn.stack &&
          Properties.FunctionName.Ref === fn.id &&
          JSON.stringify(Properties).includes('StreamArn'),
      )
      assert.equal(watching('IteratorAge', fn), readsStream ? 1 : 0, fn.id)
      const hearsEvents = ofType('AWS::Events::Rule').some(
        ({ stack, Properties }) =>
          stack === fn.stack && Properties.EventPattern && Properties.Targets[0].Arn['Fn::GetAtt'][0] === fn.id,
      )
      assert.equal(watching('AsyncEventAge', fn), hearsEvents ? 1 : 0, fn.id)
    }
    for (const table of ofType('AWS::DynamoDB::Table')) {
      const places = 1 + (table.Properties.GlobalSecondaryIndexes ?? []).length
      for (const name of ['ReadThrottleEvents', 'WriteThrottleEvents'])
        assert.equal(watching(name, table), places, `${table.stack} ${name}`)
    }
  })

  test('of the error budget look at a long and a short span together', () => {
    const spans = composites.map((composite) =>
      alarms
        .filter((alarm) => isPartOf(composite, alarm))
        .map(({ Properties }) => [Properties.Threshold, Properties.Metrics[1].MetricStat.Period]),
    )
    assert.deepEqual(spans, [
      [
        [14.4, 3600],
        [14.4, 300],
      ],
      [
        [6, 21_600],
        [6, 1800],
      ],
    ])
    for (const { Properties } of composites) assert.match(JSON.stringify(Properties.AlarmRule), /\) AND ALARM\(/)
  })
})

describe('dashboards', () => {
  test('there is one for each service, and one for the shop; their graphs show what is there', () => {
    const names = dashboards.map(({ Properties }) => Properties.DashboardName)
    assert.deepEqual(names.toSorted(), [prefix, ...services.map(({ name }) => `${prefix}-${name}`)].toSorted())
    for (const dashboard of dashboards) {
      const shown = metricsOfDashboard(dashboard)
      assert.ok(shown.length > 5, dashboard.id)
      for (const one of shown) assertGiven(one)
    }
  })

  test('a service’s shows each of its functions, queues and tables, what it counts, and its alarms', () => {
    for (const { name, metrics = {} } of services) {
      const stack = `${prefix}-${name}`
      const dashboard = dashboards.find((one) => one.stack === stack)
      assert.ok(dashboard)
      const shown = metricsOfDashboard(dashboard)
      const seen = new Set(shown.flatMap(({ dimensions }) => Object.values(dimensions)))
      for (const resource of resources)
        if (resource.stack === stack && /::(Function|Queue|Table)$/.test(resource.Type))
          assert.ok(seen.has(resource), `${stack} ${resource.id}`)
      for (const declared of Object.values(metrics)) assert.ok(shown.some((one) => one.name === declared.name))
      const listed: unknown[] = bodyOfDashboard(dashboard).widgets.flatMap(
        ({ properties }: Json) => properties.alarms ?? [],
      )
      assert.equal(listed.length, alarms.filter((alarm) => alarm.stack === stack).length)
    }
  })
})

describe('saved queries', () => {
  test('read logs of their own stack, no more than Logs Insights takes', () => {
    const queries = ofType('AWS::Logs::QueryDefinition')
    assert.ok(queries.length > services.length)
    for (const { stack, Properties } of queries) {
      assert.ok(Properties.LogGroupNames.length <= 50, Properties.Name)
      for (const { Ref } of Properties.LogGroupNames)
        assert.ok(resources.some((one) => one.stack === stack && one.id === Ref && one.Type === 'AWS::Logs::LogGroup'))
    }
  })
})

describe('what watching costs', () => {
  test('stays below what the runbook says; no function, queue or route pays for a metric of its own', () => {
    const limit = (row: string): number =>
      Number(
        new RegExp(`^\\| ${row}[^|]*\\| (?:about )?(\\d+) *\\|`, 'm').exec(
          sections.get('what-watching-costs') ?? '',
        )?.[1],
      )
    assert.ok(alarms.flatMap(metricsOfAlarm).length <= limit('metrics that alarms watch'))
    assert.ok(composites.length <= limit('alarms made of alarms'))
    assert.ok(dashboards.length <= limit('dashboards'))
    for (const { Properties } of ofType('AWS::ApiGatewayV2::Stage'))
      assert.equal(Properties.DefaultRouteSettings.DetailedMetricsEnabled, false)
  })
})
