/** What a stage may say, and what becomes of it: a stage with everything switched on, and ones that cannot be. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { App, type Stack, Validations } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { AwsSolutionsChecks } from 'cdk-nag'
import { entriesOf } from '../../cdk/constructs/entries.ts'
import { ServiceStack } from '../../cdk/constructs/service/service-stack.ts'
import type { StackContext } from '../../cdk/constructs/stack-context.ts'
import { checkedStage, placeholdersIn, type Stage, type StageSettings } from '../../cdk/constructs/stage.ts'
import { checkNames } from '../../cdk/constructs/stage-names.ts'
import { DocsStack } from '../../cdk/docs-stack.ts'
import { EdgeStack } from '../../cdk/edge-stack.ts'
import { FrontStack } from '../../cdk/front-stack.ts'
import { GatewayStack } from '../../cdk/gateway-stack.ts'
import { startCloud } from '../../cdk/local/cloud.ts'
import { NotificationsStack } from '../../cdk/notifications-stack.ts'
import { PaymentsStack } from '../../cdk/payments-stack.ts'
import { PipelineStack } from '../../cdk/pipeline-stack.ts'
import { stageNamed } from '../../cdk/stages.ts'
import { docs } from '../../functions/docs/contract.ts'
import { orders } from '../../functions/orders/contract.ts'
import { services } from '../../functions/services.ts'
import { temporaryFolder } from '../local/fixtures/setting.ts'
import type { Json } from '../support/service.ts'

const certificate = 'certificate/12345678-1234-1234-1234-123456789012'
const streamArn = 'arn:aws:dynamodb:eu-central-1:123456789012:table/orders-restored/stream/2026-11-21T10:00:00.000'

const steady = { readUnits: { from: 5, to: 50 }, writeUnits: { from: 10, to: 100 } }

const signsFrom = '2027-01-31T12:00:00Z'

const settings = {
  ...stageNamed('prod'),
  name: 'full',
  prefix: 'shop-full',
  throttle: {
    requestsPerSecond: 100,
    burst: 200,
    routes: { 'POST /orders': { requestsPerSecond: 5, burst: 10 } },
  },
  logLevel: 'WARN',
  logLevels: { 'orders/place-order': 'DEBUG' },
  debugSample: 0.05,
  gradual: ['orders/place-order', 'orders/settle-order'],
  reservedConcurrency: { 'orders/place-order': 100, 'issuer/jwks': 10 },
  provisionedConcurrency: { 'orders/place-order': 2, 'orders/read-order': 1 },
  alarmEmail: 'ops@example.com',
  budget: { monthlyDollars: 500 },
  domain: { name: 'api.example.com', hostedZone: { id: 'Z0123ABC', name: 'example.com' } },
  edge: {
    name: 'shop.example.com',
    certificateArn: `arn:aws:acm:us-east-1:123456789012:${certificate}`,
    originSecretHashes: ['ab'.repeat(32), 'cd'.repeat(32)],
  },
  restoredTables: { orders: streamArn },
  pipeline: { repository: 'you/shop', makesStaff: true },
} satisfies StageSettings

const stage = checkedStage('full', settings)

/** Every function's code is the same here: templates are looked at, not bundles. */
const directory = join(import.meta.dirname, '../local/fixtures/functions/actor')
const bundle = { directory, bytes: 1, hash: 'a'.repeat(32) }
const bundles = new Map(
  ['shared/runtime/relay-function.ts', ...services.flatMap(entriesOf).map(({ entry }) => entry)].map(
    (entry) => [entry, bundle] as const,
  ),
)

/** CDK's own look at the templates takes most of a synthesis; `cdk synth` has it done for every stage. */
const newApp = (outdir?: string) =>
  new App({ analyticsReporting: false, builtinCloudFormationValidation: false, ...(outdir && { outdir }) })

/** What the local cloud does not know. */
const withoutReleases = {
  gradual: [],
  provisionedConcurrency: {},
  restoredTables: {},
  domain: undefined,
  edge: undefined,
  budget: undefined,
}

const gatewayAndFront = (app: App, context: StackContext, routes: (gateway: GatewayStack) => Stack[]) => {
  const gateway = new GatewayStack(app, context, { url: 'https://issuer.example.com' })
  return { gateway, front: new FrontStack(app, context, gateway, routes(gateway)) }
}

const full = (() => {
  const app = newApp()
  // A broken rule fails the synthesis.
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app))
  const context: StackContext = { stage, bundles }
  const { gateway, front } = gatewayAndFront(app, context, (lent) => [new ServiceStack(app, context, lent, orders)])
  const [ordersStack] = front.dependencies
  assert.ok(ordersStack && stage.edge && stage.domain && stage.pipeline)
  const edge = new EdgeStack(app, stage, stage.edge, stage.domain.name)
  const pipeline = new PipelineStack(app, stage, stage.pipeline)
  return {
    gateway: Template.fromStack(gateway),
    orders: Template.fromStack(ordersStack),
    front: Template.fromStack(front),
    edge: Template.fromStack(edge),
    pipeline: Template.fromStack(pipeline),
    dependenciesOfFront: front.dependencies.map(({ stackName }) => stackName),
  }
})()

const all = (template: Template, type: string): (Json & { id: string })[] =>
  Object.entries<Json>(template.findResources(type)).map(([id, resource]) => ({ id, ...resource }))

const only = (template: Template, type: string): Json => {
  const [resource, ...others] = all(template, type)
  assert.ok(resource, `there is no ${type}`)
  assert.deepEqual(others, [])
  return resource
}

describe('a stage', () => {
  test('of those that are there is right', () => {
    for (const name of ['dev', 'staging', 'prod']) checkNames(stageNamed(name), services)
    assert.throws(() => stageNamed('moon'), /unknown stage "moon": use -c stage=dev\|staging\|prod/)
  })

  test('takes defaults for what it does not say', () => {
    const { logLevel, gradual, provisionedConcurrency, domain, edge, budget } = stageNamed('dev')
    const { throttle } = checkedStage('dev', { ...settings, throttle: { requestsPerSecond: 1, burst: 1 } })
    assert.deepEqual(
      { logLevel, routes: throttle.routes, tables: throttle.tables, gradual, provisionedConcurrency },
      { logLevel: 'INFO', routes: {}, tables: {}, gradual: [], provisionedConcurrency: {} },
    )
    assert.deepEqual({ domain, edge, budget }, { domain: undefined, edge: undefined, budget: undefined })
  })

  const wrong: [string, object, RegExp][] = [
    [
      'a currency',
      { shop: { ...settings.shop, currency: 'Euro' } },
      /shop\.currency: "Euro": must be a code of ISO 4217/,
    ],
    [
      'an origin with a path',
      { corsOrigins: ['https://a.example/'] },
      /corsOrigins\.0: "https:\/\/a\.example\/": must be an origin/,
    ],
    ['any origin', { corsOrigins: ['*'] }, /corsOrigins\.0: "\*": must be an origin/],
    ['any host', { corsOrigins: ['https://*'] }, /corsOrigins\.0: "https:\/\/\*": must be an origin/],
    ['a retention', { logRetention: 8 }, /logRetention: 8: must be one of RetentionDays/],
    ['a policy', { removalPolicy: 'snapshot' }, /removalPolicy: "snapshot": .*"destroy"\|"retain-on-update-or-delete"/],
    [
      'a rate',
      { throttle: { requestsPerSecond: 0.5, burst: 1 } },
      /throttle\.requestsPerSecond: 0\.5: must be a whole number from 1/,
    ],
    ['a provider', { paymentProvider: 'cash' }, /paymentProvider: "cash": .*"sandbox"\|"stripe"/],
    ['a misspelt field', { corsOrigin: [] }, /Unrecognized key: "corsOrigin"/],
    [
      'a level',
      { logLevels: { 'orders/place-order': 'LOUD' } },
      /logLevels\.orders\/place-order: "LOUD": must be DEBUG/,
    ],
    ['a sample', { debugSample: 5 }, /debugSample: 5: must be a number from 0 to 1/],
    ['a missing field', { prefix: undefined }, /prefix: undefined: /],
    [
      'a certificate elsewhere',
      { edge: { ...settings.edge, certificateArn: `arn:aws:acm:eu-west-1:123456789012:${certificate}` } },
      /edge\.certificateArn: .*us-east-1/,
    ],
    [
      'a domain with neither zone nor certificate',
      { domain: { name: 'api.example.com' } },
      /domain: .*hostedZone.*certificateArn/,
    ],
    [
      'an edge that anybody can go around',
      { edge: { ...settings.edge, originSecretHashes: [] } },
      /originSecretHashes: \[\]: must name one secret at least/,
    ],
    [
      'a secret in the place of its hash',
      { edge: { ...settings.edge, originSecretHashes: ['open sesame'] } },
      /originSecretHashes\.0: "open sesame": must be the SHA-256/,
    ],
    ['an edge without a domain', { domain: undefined }, /edge: it needs a domain/],
    [
      'an edge of the same name',
      { edge: { ...settings.edge, name: 'api.example.com' } },
      /edge\.name: api\.example\.com/,
    ],
    ['a watch', { watch: 'none' }, /watch: "none": must be full or some/],
    ['dashboards', { serviceDashboards: false }, /serviceDashboards: false: must be 'all' or a list of services/],
    ['a tracing', { tracing: 'often' }, /tracing: "often": must be active or pass-through/],
    [
      'a capacity that shrinks as it grows',
      { provisionedCapacity: { orders: { readUnits: { from: 9, to: 8 }, writeUnits: { from: 1, to: 1 } } } },
      /provisionedCapacity\.orders: from is more than to/,
    ],
    ['no key that signs', { signingKeys: [] }, /signingKeys: \[\]: must name one key at least/],
    ['keys of one name', { signingKeys: [{ name: 'a' }, { name: 'a', signsFrom }] }, /signingKeys: two have the same/],
    [
      'keys that sign in no order',
      { signingKeys: [{ name: 'a', signsFrom }, { name: 'b' }] },
      /signingKeys: each signs/,
    ],
    [
      'no key that signs yet',
      { signingKeys: [{ name: 'a', signsFrom: new Date(Date.now() + 3_600_000).toISOString() }] },
      /signingKeys: the first signs from a time to come/,
    ],
    [
      'a key whose time is none',
      { signingKeys: [{ name: 'a', signsFrom: 'soon' }] },
      /signsFrom: "soon": must be a time/,
    ],
    ['a budget that tells nobody', { alarmEmail: undefined }, /budget: .*alarmEmail/],
  ]
  for (const [what, change, message] of wrong)
    test(`with ${what} that cannot be is refused by field, value and what is allowed`, () => {
      assert.throws(
        () => checkedStage('full', { ...settings, ...change }),
        (error: Error) => {
          assert.match(error.message, /^stage full cannot be built\n {2}/)
          assert.match(error.message, message)
          return true
        },
      )
    })

  test('that names what is not there is refused', () => {
    const refused = (change: Partial<Stage>, message: RegExp) =>
      assert.throws(() => checkNames({ ...stageNamed('dev'), ...change }, services), message)
    refused({ gradual: ['orders/place-ordr'] }, /gradual: there is no function orders\/place-ordr/)
    refused({ logLevels: { 'orders/place-ordr': 'DEBUG' } }, /logLevels: there is no function orders\/place-ordr/)
    refused({ gradual: ['payments/undo'] }, /gradual: payments\/undo is a procedure/)
    refused({ reservedConcurrency: { 'issuer/x': 1 } }, /reservedConcurrency: there is no function issuer\/x/)
    refused({ provisionedConcurrency: { 'shop/x': 1 } }, /provisionedConcurrency: there is no function shop\/x/)
    refused({ restoredTables: { docs: streamArn } }, /restoredTables: docs has no table/)
    refused({ serviceDashboards: ['order'] }, /serviceDashboards: there is no service order/)
    refused({ provisionedCapacity: { docs: steady } }, /provisionedCapacity: docs has no table/)
    const [whole, one] = [
      { requestsPerSecond: 1, burst: 1, routes: {}, tables: {} },
      { requestsPerSecond: 1, burst: 1 },
    ]
    refused({ throttle: { ...whole, routes: { 'GET /moon': one } } }, /throttle\.routes: there is no route GET \/moon/)
    const tables = { 'catalog/moon': { readUnitsPerSecond: 1 } }
    refused({ throttle: { ...whole, tables } }, /throttle\.tables: there is no table catalog\/moon/)
  })
})

describe('logs', () => {
  test('have the level of the stage, or of the function, and a sample of those for debugging', () => {
    const told = all(full.orders, 'AWS::Lambda::Function').map(({ Properties }) => [
      Properties.FunctionName,
      Properties.Environment.Variables.POWERTOOLS_LOG_LEVEL,
      Properties.Environment.Variables.POWERTOOLS_LOGGER_SAMPLE_RATE,
    ])
    for (const [name, level, rate] of told)
      assert.deepEqual(
        { level, rate },
        { level: name === 'shop-full-orders-place-order' ? 'DEBUG' : 'WARN', rate: '0.05' },
        name,
      )
    assert.ok(told.length > 5)
  })

  test('of the gateway tell the route, never what stood in its path, query or headers, nor who asked', () => {
    const { Format } = only(full.front, 'AWS::ApiGatewayV2::Stage').Properties.AccessLogSettings
    const told = [...String(Format).matchAll(/\$context\.([\w.]+)/g)].map(([, name]) => name)
    assert.ok(told.includes('routeKey'))
    const harmless =
      /^(requestId|routeKey|status|responseLatency|(integration|authorizer|error)\.\w+|integrationErrorMessage)$/
    assert.deepEqual(
      told.filter((name) => !harmless.test(name ?? '')),
      [],
    )
  })
})

describe('the front', () => {
  test('throttles a route of its own by all settings, since it inherits none', () => {
    const { DefaultRouteSettings, RouteSettings } = only(full.front, 'AWS::ApiGatewayV2::Stage').Properties
    assert.deepEqual(DefaultRouteSettings, {
      ThrottlingRateLimit: 100,
      ThrottlingBurstLimit: 200,
      DetailedMetricsEnabled: false,
    })
    assert.deepEqual(RouteSettings, {
      'POST /orders': { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 10, DetailedMetricsEnabled: false },
    })
  })

  test('is deployed when the routes are there', () => {
    assert.ok(full.dependenciesOfFront.includes('shop-full-orders'))
    assert.deepEqual(all(full.gateway, 'AWS::ApiGatewayV2::Stage'), [])
  })

  test('gives the API its own address, with a certificate and DNS', () => {
    const { DomainName, DomainNameConfigurations } = only(full.front, 'AWS::ApiGatewayV2::DomainName').Properties
    assert.equal(DomainName, 'api.example.com')
    assert.equal(DomainNameConfigurations[0].SecurityPolicy ?? 'TLS_1_2', 'TLS_1_2')
    const mapping = only(full.front, 'AWS::ApiGatewayV2::ApiMapping')
    assert.equal(mapping.Properties.Stage, '$default')
    assert.ok(mapping.DependsOn.includes(all(full.front, 'AWS::ApiGatewayV2::Stage')[0]?.id))
    assert.equal(only(full.front, 'AWS::CertificateManager::Certificate').Properties.ValidationMethod, 'DNS')
    assert.deepEqual(
      all(full.front, 'AWS::Route53::RecordSet').map(({ Properties }) => [Properties.Name, Properties.Type]),
      [
        ['api.example.com.', 'A'],
        ['api.example.com.', 'AAAA'],
      ],
    )
  })

  test('with a certificate that is there makes none, and says where DNS has to point', () => {
    const domain = { name: 'api.example.com', certificateArn: `arn:aws:acm:eu-central-1:123456789012:${certificate}` }
    const context = { stage: checkedStage('full', { ...settings, domain }), bundles }
    const front = Template.fromStack(gatewayAndFront(newApp(), context, () => []).front)
    assert.deepEqual(all(front, 'AWS::CertificateManager::Certificate'), [])
    assert.deepEqual(all(front, 'AWS::Route53::RecordSet'), [])
    assert.ok(front.findOutputs('PointYourDnsAt').PointYourDnsAt)
  })

  test('tells by mail when the bill comes near what was meant', () => {
    const { Budget, NotificationsWithSubscribers } = only(full.front, 'AWS::Budgets::Budget').Properties
    assert.deepEqual(Budget.BudgetLimit, { Amount: 500, Unit: 'USD' })
    assert.deepEqual(
      NotificationsWithSubscribers.map(({ Notification, Subscribers }: Json) => [
        Notification.NotificationType,
        Notification.Threshold,
        Subscribers[0].Address,
      ]),
      [
        ['ACTUAL', 80, 'ops@example.com'],
        ['ACTUAL', 100, 'ops@example.com'],
        ['FORECASTED', 100, 'ops@example.com'],
      ],
    )
  })
})

describe('releases', () => {
  const aliases = all(full.orders, 'AWS::Lambda::Alias')
  const aliasOf = (name: string) => aliases.find(({ id }) => id.startsWith(name.replaceAll('-', '')))
  const integrationOf = (name: string): Json =>
    all(full.orders, 'AWS::ApiGatewayV2::Integration').find(({ id }) => id.startsWith(name.replaceAll('-', '')))

  test('stand behind an alias where the stage says so, and nowhere else', () => {
    assert.deepEqual(aliases.map(({ id }) => id.replace(/live[0-9A-F]+$/, '')).toSorted(), [
      'placeorder',
      'readorder',
      'settleorder',
    ])
  })

  test('routes, their permissions and rules call the alias', () => {
    const place = aliasOf('place-order')
    assert.deepEqual(integrationOf('place-order').Properties.IntegrationUri, { Ref: place?.id })
    assert.match(JSON.stringify(integrationOf('cancel-order').Properties.IntegrationUri), /"Fn::GetAtt":\["cancelorder/)
    const allowed = all(full.orders, 'AWS::Lambda::Permission').find(({ id }) =>
      id.startsWith('placeorderroutepermission'),
    )
    assert.match(JSON.stringify(allowed?.Properties.FunctionName), new RegExp(`${place?.id}.*":live"`))
    const settle = aliasOf('settle-order')
    const rules = all(full.orders, 'AWS::Events::Rule').flatMap(({ Properties }) => Properties.Targets)
    assert.ok(rules.some(({ Arn }) => Arn.Ref === settle?.id))
    const qualifiers = all(full.orders, 'AWS::Lambda::EventInvokeConfig').map(({ Properties }) => Properties.Qualifier)
    assert.ok(qualifiers.some((qualifier) => JSON.stringify(qualifier).includes(`"Ref":"${settle?.id}"`)))
  })

  test('of the order path take a tenth first, and go back by themselves', () => {
    const groups = all(full.orders, 'AWS::CodeDeploy::DeploymentGroup')
    assert.equal(groups.length, 2)
    const alarms = all(full.orders, 'AWS::CloudWatch::Alarm')
    for (const { Properties } of groups) {
      assert.equal(Properties.DeploymentConfigName, 'CodeDeployDefault.LambdaCanary10Percent5Minutes')
      assert.deepEqual(Properties.AutoRollbackConfiguration, {
        Enabled: true,
        Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_REQUEST', 'DEPLOYMENT_STOP_ON_ALARM'],
      })
      const [{ Name }] = Properties.AlarmConfiguration.Alarms
      const { AlarmDescription, AlarmActions } = alarms.find(({ id }) => id === Name.Ref)?.Properties ?? {}
      assert.match(AlarmDescription, /RUNBOOK\.md#release-went-back$/)
      assert.equal(AlarmActions.length, 1)
    }
    assert.ok(aliasOf('place-order')?.UpdatePolicy.CodeDeployLambdaAliasUpdate)
    assert.equal(aliasOf('read-order')?.UpdatePolicy, undefined)
  })

  test('watch what Lambda sees, and what only the function sees', () => {
    const watched = (name: string) =>
      all(full.orders, 'AWS::CloudWatch::Alarm')
        .find(({ Properties }) => Properties.AlarmName === `shop-full-orders-${name}-release`)
        ?.Properties.Metrics.flatMap(({ MetricStat }: Json) => (MetricStat ? [MetricStat.Metric.MetricName] : []))
    assert.deepEqual(watched('place-order'), ['Errors', 'ServerErrors'])
    assert.deepEqual(watched('settle-order'), ['Errors'])
  })

  test('have instances of their own where the stage says so', () => {
    const reserved = all(full.orders, 'AWS::Lambda::Function').flatMap(({ Properties }) =>
      Properties.ReservedConcurrentExecutions
        ? [[Properties.FunctionName, Properties.ReservedConcurrentExecutions]]
        : [],
    )
    assert.deepEqual(reserved, [['shop-full-orders-place-order', 100]])
  })

  test('are kept warm as often as the stage says', () => {
    const warm = (name: string) =>
      aliasOf(name)?.Properties.ProvisionedConcurrencyConfig?.ProvisionedConcurrentExecutions
    assert.deepEqual([warm('place-order'), warm('read-order'), warm('settle-order')], [2, 1, undefined])
  })
})

/** Orders, and what is before it, in a stage that says something else. */
const ordersIn = (change: Partial<StageSettings>, outdir?: string) => {
  const app = newApp(outdir)
  const context: StackContext = { stage: checkedStage('full', { ...settings, ...change }), bundles }
  const { gateway, front } = gatewayAndFront(app, context, (lent) => [new ServiceStack(app, context, lent, orders)])
  const [stack] = front.dependencies
  assert.ok(stack)
  return { app, gateway: Template.fromStack(gateway), orders: Template.fromStack(stack) }
}

describe('what watches', () => {
  test('is less where the stage says so: what is undone, what should never be, and an API that fails', () => {
    const some = ordersIn({ watch: 'some', serviceDashboards: [], gradual: [] })
    const namesIn = (template: Template) =>
      all(template, 'AWS::CloudWatch::Alarm').map(({ Properties }) => String(Properties.AlarmName))
    assert.deepEqual(
      namesIn(some.orders).filter((name) => !name.endsWith('-dead-letters')),
      ['shop-full-orders-orders-stuck'],
    )
    const deadLetters = all(some.orders, 'AWS::SQS::Queue').filter(({ Properties }) => !Properties.RedrivePolicy)
    assert.ok(deadLetters.length > 0)
    assert.equal(namesIn(some.orders).length, deadLetters.length + 1)
    const alarm = only(some.gateway, 'AWS::CloudWatch::Alarm').Properties
    const { AlarmName, MetricName, Period, Threshold, AlarmActions } = alarm
    assert.deepEqual([AlarmName, MetricName, Period, Threshold], ['shop-full-api-fails', '5xx', 3_600, 4])
    assert.equal(AlarmActions.length, 1)
    for (const template of [some.gateway, some.orders])
      for (const type of ['AWS::CloudWatch::Dashboard', 'AWS::CloudWatch::CompositeAlarm'])
        assert.deepEqual(all(template, type), [])
    // Questions to logs cost only when they are asked.
    assert.ok(all(some.orders, 'AWS::Logs::QueryDefinition').length > 0)
  })

  test('shows the services that the stage names, and all while somebody looks closely', () => {
    const dashboardsIn = (chosen: Stage['serviceDashboards']) =>
      all(ordersIn({ serviceDashboards: chosen }).orders, 'AWS::CloudWatch::Dashboard').length
    assert.deepEqual([['orders'], ['payments'], 'all' as const].map(dashboardsIn), [1, 0, 1])
    const { watch, serviceDashboards, tracing } = stageNamed('prod', { closely: true })
    assert.deepEqual([watch, serviceDashboards, tracing], ['full', 'all', 'active'])
  })
})

describe('traces', () => {
  test('are made of requests that ask for it where the stage says so, and of what follows as ever', () => {
    const modesIn = (template: Template) =>
      Object.groupBy(
        all(template, 'AWS::Lambda::Function').map(({ Properties }) => String(Properties.TracingConfig?.Mode)),
        (mode) => mode,
      )
    const active = modesIn(ordersIn({ tracing: 'active' }).orders)
    const asked = modesIn(ordersIn({ tracing: 'pass-through' }).orders)
    const endpoints = entriesOf(orders).filter(({ kind }) => kind === 'endpoint').length
    assert.equal(active.Active?.length, endpoints)
    assert.equal(asked.Active, undefined)
    assert.equal(asked.PassThrough?.length, endpoints + (active.PassThrough?.length ?? 0))
  })
})

describe('a table whose capacity stands ready', () => {
  const folder = temporaryFolder()
  after(folder.remove)
  const outdir = join(folder.path, 'assembly')
  const provisioned = ordersIn({ provisionedCapacity: { orders: steady } }, outdir)

  test('follows the load, and each of its indexes does', () => {
    const { BillingMode, ProvisionedThroughput, GlobalSecondaryIndexes } = only(
      provisioned.orders,
      'AWS::DynamoDB::Table',
    ).Properties
    // What CloudFormation takes where nothing is said.
    assert.equal(BillingMode ?? 'PROVISIONED', 'PROVISIONED')
    const atFirst = { ReadCapacityUnits: 5, WriteCapacityUnits: 10 }
    for (const place of [{ ProvisionedThroughput }, ...GlobalSecondaryIndexes])
      assert.deepEqual(place.ProvisionedThroughput, atFirst)
    const targets = all(provisioned.orders, 'AWS::ApplicationAutoScaling::ScalableTarget')
    assert.equal(targets.length, 2 * (1 + GlobalSecondaryIndexes.length))
    for (const { Properties } of targets) {
      const range = /Read/.test(Properties.ScalableDimension) ? steady.readUnits : steady.writeUnits
      assert.deepEqual({ from: Properties.MinCapacity, to: Properties.MaxCapacity }, range)
    }
    const policies = all(provisioned.orders, 'AWS::ApplicationAutoScaling::ScalingPolicy')
    assert.equal(policies.length, targets.length)
    for (const { Properties } of policies)
      assert.equal(Properties.TargetTrackingScalingPolicyConfiguration.TargetValue, 70)
  })

  test('runs in the local cloud as well', async () => {
    const plain = join(folder.path, 'plain')
    ordersIn({ ...withoutReleases, provisionedCapacity: { orders: steady } }, plain).app.synth()
    const cloud = await startCloud({ assembly: plain, stateDirectory: join(folder.path, 'state'), port: 0 })
    await cloud.stop()
  })

  test('is none where the stage says nothing: tables are paid by use', () => {
    assert.equal(only(full.orders, 'AWS::DynamoDB::Table').Properties.BillingMode, 'PAY_PER_REQUEST')
    assert.deepEqual(all(full.orders, 'AWS::ApplicationAutoScaling::ScalableTarget'), [])
  })
})

describe('a restored table', () => {
  test('takes the place of the own one in grants, names and streams; the own one stays', () => {
    const functions = all(full.orders, 'AWS::Lambda::Function').filter(
      ({ Properties }) => Properties.Environment.Variables.TABLE_NAME,
    )
    assert.ok(functions.length > 5)
    for (const { Properties } of functions) assert.equal(Properties.Environment.Variables.TABLE_NAME, 'orders-restored')
    const own = all(full.orders, 'AWS::DynamoDB::Table')[0]
    assert.equal(own?.DeletionPolicy, 'RetainExceptOnCreate')
    for (const type of ['AWS::IAM::Policy', 'AWS::Lambda::EventSourceMapping'])
      assert.ok(!JSON.stringify(all(full.orders, type)).includes(`"${own?.id}"`), type)
    assert.ok(JSON.stringify(all(full.orders, 'AWS::Lambda::EventSourceMapping')).includes(streamArn))
  })
})

describe('what a stack lends its functions', () => {
  const synthesised = (make: (app: App, context: StackContext, gateway: GatewayStack) => Stack) => {
    const app = newApp()
    const context = { stage: stageNamed('dev'), bundles }
    gatewayAndFront(app, context, (lent) => [make(app, context, lent)])
    return () => app.synth()
  }

  test('is missed where a function asks for it', () => {
    assert.throws(
      synthesised((...given) => new ServiceStack(...given, docs)),
      /a function uses "public-api", which this stack does not lend/,
    )
  })

  test('is refused where no function asks for it', () => {
    class Generous extends ServiceStack {
      constructor(...given: ConstructorParameters<typeof ServiceStack>) {
        super(...given)
        this.lend('a-boat', () => undefined)
      }
    }
    assert.throws(
      synthesised((...given) => new Generous(...given, orders)),
      /this stack lends "a-boat", which no function uses/,
    )
  })
})

describe('what other stacks import', () => {
  const exportsOf = (template: Template) =>
    Object.values<Json>(template.toJSON().Outputs ?? {}).flatMap(({ Export }) => (Export ? [Export.Name] : []))

  test('is the same whether or not there is a domain and an edge: an export in use cannot be taken away', () => {
    const { domain, edge: _, ...plain } = settings
    const exportedIn = (chosen: StageSettings): string[] => {
      const app = newApp()
      const context: StackContext = { stage: checkedStage('full', chosen), bundles }
      const { gateway } = gatewayAndFront(app, context, (lent) => [
        new ServiceStack(app, context, lent, orders),
        new PaymentsStack(app, context, lent),
        new DocsStack(app, context, lent),
      ])
      app.synth()
      return exportsOf(Template.fromStack(gateway)).toSorted()
    }
    const [first, ...later] = [plain, { ...plain, domain }, settings].map(exportedIn)
    assert.ok(first && first.length > 3)
    for (const names of later) assert.deepEqual(names, first)
  })
})

describe('a first deployment that failed', () => {
  test('leaves nothing behind that stands in the way of the next one', () => {
    for (const template of [full.gateway, full.orders, full.front])
      for (const [id, { Type, DeletionPolicy }] of Object.entries<Json>(template.toJSON().Resources))
        assert.notEqual(DeletionPolicy, 'Retain', `${id} (${Type})`)
    for (const { id, DeletionPolicy } of all(full.orders, 'AWS::Logs::LogGroup'))
      assert.equal(DeletionPolicy, 'Delete', `${id} has a fixed name`)
  })
})

describe('production', () => {
  test('is refused with the sandbox and with addresses of an example', () => {
    assert.deepEqual(placeholdersIn(stageNamed('prod')), [
      'paymentProvider: the sandbox takes no money',
      "shop.mailFrom: shop@example.com is nobody's address",
      "corsOrigins: https://www.example.com is nobody's page",
    ])
    assert.deepEqual(placeholdersIn(stageNamed('dev')), [])
    const own = {
      ...stageNamed('prod'),
      paymentProvider: 'stripe' as const,
      corsOrigins: ['https://shop.my-example.com'],
    }
    assert.deepEqual(placeholdersIn({ ...own, shop: { ...own.shop, mailFrom: 'hello@my-example.com' } }), [])
  })
})

describe('a payment provider', () => {
  const stackOf = (paymentProvider: Stage['paymentProvider']) => {
    const app = newApp()
    const context: StackContext = { stage: checkedStage('full', { ...settings, paymentProvider }), bundles }
    const { front } = gatewayAndFront(app, context, (lent) => [new PaymentsStack(app, context, lent)])
    const [stack] = front.dependencies
    assert.ok(stack)
    app.synth()
    return Template.fromStack(stack)
  }
  const secretsOf = (template: Template) =>
    all(template, 'AWS::SecretsManager::Secret').map(({ Properties }) => Properties.Description)
  const tasksIn = (template: Template) =>
    all(template, 'AWS::Lambda::Function').filter(({ Properties }) => /-send-/.test(Properties.FunctionName))
  const mayDefer = (template: Template) =>
    all(template, 'AWS::IAM::Policy').filter(({ Properties }) =>
      Properties.PolicyDocument.Statement.some(({ Action }: Json) => Action === 'sqs:SendMessage'),
    )

  test('has its secrets and its tasks in the stack, and no other has', () => {
    const [sandbox, stripe] = [stackOf('sandbox'), stackOf('stripe')]
    assert.deepEqual(secretsOf(sandbox), ["Signs the payment provider's events"])
    assert.deepEqual(secretsOf(stripe).toSorted(), ["Signs the payment provider's events", "Stripe's secret key"])
    assert.equal(tasksIn(sandbox).length, 1)
    assert.equal(mayDefer(sandbox).length, 4)
    assert.equal(tasksIn(stripe).length, 0)
    assert.equal(mayDefer(stripe).length, 0)
  })
})

describe('mail that comes back', () => {
  const app = newApp()
  const context: StackContext = { stage, bundles }
  const { front } = gatewayAndFront(app, context, (lent) => [new NotificationsStack(app, context, lent)])
  const [stack] = front.dependencies
  assert.ok(stack)
  const template = Template.fromStack(stack)

  test('is sent no more to whoever does not take it or complains, and calls a person where it is much', () => {
    const { Name, SuppressionOptions, ReputationOptions } = only(template, 'AWS::SES::ConfigurationSet').Properties
    assert.equal(Name, 'shop-full')
    assert.deepEqual(SuppressionOptions.SuppressedReasons.toSorted(), ['BOUNCE', 'COMPLAINT'])
    assert.equal(ReputationOptions.ReputationMetricsEnabled, true)
    const alarms = all(template, 'AWS::CloudWatch::Alarm').flatMap(({ Properties }) =>
      Properties.Namespace === 'AWS/SES'
        ? [[Properties.MetricName, Properties.Threshold, Properties.AlarmActions.length]]
        : [],
    )
    assert.deepEqual(alarms, [
      ['Reputation.BounceRate', 0.05, 1],
      ['Reputation.ComplaintRate', 0.001, 1],
    ])
  })
})

describe('mail in the sandbox of SES', () => {
  const sendingIn = (mailSandbox: boolean): Json[] => {
    const app = newApp()
    const context: StackContext = { stage: checkedStage('full', { ...settings, mailSandbox }), bundles }
    const { front } = gatewayAndFront(app, context, (lent) => [new NotificationsStack(app, context, lent)])
    const [stack] = front.dependencies
    assert.ok(stack)
    return all(Template.fromStack(stack), 'AWS::IAM::Policy')
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
      .filter(({ Action }: Json) => Action === 'ses:SendRawEmail')
  }

  test("asks for the recipient's identity, too, and still goes out in the shop's name only", () => {
    const [sandboxed, open] = [sendingIn(true), sendingIn(false)]
    for (const { Resource, Condition } of sandboxed) {
      assert.match(JSON.stringify(Resource), /identity\/\*/)
      assert.deepEqual(Condition, { StringEquals: { 'ses:FromAddress': 'shop@example.com' } })
    }
    assert.ok(sandboxed.length > 0)
    for (const { Resource } of open) {
      assert.doesNotMatch(JSON.stringify(Resource), /\*/)
      assert.match(JSON.stringify(Resource), /:configuration-set\/shop-full"/)
    }
  })
})

describe('the edge', () => {
  const { DistributionConfig } = only(full.edge, 'AWS::CloudFront::Distribution').Properties

  test('asks the domain by TLS, and is the only way', () => {
    assert.deepEqual(DistributionConfig.Aliases, ['shop.example.com'])
    const [{ DomainName, CustomOriginConfig }] = DistributionConfig.Origins
    assert.deepEqual(
      { DomainName, OriginProtocolPolicy: CustomOriginConfig.OriginProtocolPolicy },
      { DomainName: 'api.example.com', OriginProtocolPolicy: 'https-only' },
    )
    assert.equal(only(full.gateway, 'AWS::ApiGatewayV2::Api').Properties.DisableExecuteApiEndpoint, true)
  })

  test('shows a secret that the template does not hold, and that endpoints know the hash of', () => {
    const [{ OriginCustomHeaders }] = DistributionConfig.Origins
    assert.deepEqual(OriginCustomHeaders, [
      {
        HeaderName: 'x-origin-secret',
        HeaderValue: '{{resolve:secretsmanager:shop-full-origin-abababababab:SecretString:::}}',
      },
    ])
    const endpoints = new Set(
      entriesOf(orders).flatMap(({ kind, name }) => (kind === 'endpoint' ? [`shop-full-orders-${name}`] : [])),
    )
    assert.ok(endpoints.size > 5)
    for (const { Properties } of all(full.orders, 'AWS::Lambda::Function'))
      assert.equal(
        Properties.Environment.Variables.ORIGIN_SECRET_HASHES,
        endpoints.has(Properties.FunctionName) ? `${'ab'.repeat(32)} ${'cd'.repeat(32)}` : undefined,
        Properties.FunctionName,
      )
  })

  test('keeps only what the shop says may be kept, apart by token and by origin', () => {
    const { CachePolicyConfig } = only(full.edge, 'AWS::CloudFront::CachePolicy').Properties
    assert.deepEqual(
      { MinTTL: CachePolicyConfig.MinTTL, DefaultTTL: CachePolicyConfig.DefaultTTL },
      { MinTTL: 0, DefaultTTL: 0 },
    )
    const { HeadersConfig, QueryStringsConfig } = CachePolicyConfig.ParametersInCacheKeyAndForwardedToOrigin
    assert.deepEqual(HeadersConfig.Headers, ['Authorization', 'Origin'])
    assert.equal(QueryStringsConfig.QueryStringBehavior, 'all')
  })

  test("tells functions who asks, in a header that nobody else's survives in", () => {
    const code: string = only(full.edge, 'AWS::CloudFront::Function').Properties.FunctionCode
    const handler: (event: object) => Json = new Function(`${code};return handler`)()
    const event = { request: { headers: { 'x-viewer-address': { value: '1.1.1.1' } } }, viewer: { ip: '2001:db8::7' } }
    assert.equal(handler(event).headers['x-viewer-address'].value, '2001:db8::7')
    for (const [given, strong] of [
      ['W/"3"', '"3"'],
      ['W/"3", "4",W/"5"', '"3", "4","5"'],
      ['"3"', '"3"'],
      ['"W/"', '"W/"'],
      ['*', '*'],
    ]) {
      const headers = { 'if-match': { value: given } }
      assert.equal(handler({ ...event, request: { headers } }).headers['if-match'].value, strong)
    }
    for (const { Properties } of all(full.orders, 'AWS::Lambda::Function'))
      assert.equal(Properties.Environment.Variables.VIEWER_ADDRESS_HEADER, 'x-viewer-address')
  })

  test('keeps no error', () => {
    const kept = DistributionConfig.CustomErrorResponses.filter((each: Json) => each.ErrorCachingMinTTL !== 0)
    assert.deepEqual(kept, [])
    const codes = DistributionConfig.CustomErrorResponses.map(({ ErrorCode }: Json) => ErrorCode)
    // What CloudFront keeps for ten seconds where nothing is said.
    assert.deepEqual(codes, [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504])
  })

  test('refuses who asks too much, and by the rules of AWS', () => {
    const { Rules, Scope } = only(full.edge, 'AWS::WAFv2::WebACL').Properties
    assert.equal(Scope, 'CLOUDFRONT')
    assert.equal(Rules[0].Statement.RateBasedStatement.Limit, 10_000)
    assert.equal(Rules.length, 3)
  })
})

describe('the pipeline', () => {
  const roles = all(full.pipeline, 'AWS::IAM::Role').map(({ Properties }) => Properties)
  const granted = (id: string) =>
    all(full.pipeline, 'AWS::IAM::Policy')
      .filter((policy) => policy.id.startsWith(id))
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)

  test("trusts GitHub's tokens for this repository only, to deploy from this stage's environment only", () => {
    const subjects = roles.map(
      ({ AssumeRolePolicyDocument }) =>
        AssumeRolePolicyDocument.Statement[0].Condition.StringEquals['token.actions.githubusercontent.com:sub'],
    )
    assert.deepEqual(subjects, ['repo:you/shop:environment:full', 'repo:you/shop:pull_request'])
  })

  test('a pull request may read the templates of this stage, and nothing that the shop holds', () => {
    const statements = granted('diffrole')
    assert.deepEqual(
      statements.map(({ Action }: Json) => Action),
      [['cloudformation:DescribeStacks', 'cloudformation:GetTemplate']],
    )
    assert.match(JSON.stringify(statements), /:stack\/shop-full-\*/)
  })

  test('makes staff for the smoke test where the stage says so', () => {
    const actions = granted('deployrole').map(({ Action }: Json) => Action)
    assert.deepEqual(actions, ['sts:AssumeRole', 'lambda:InvokeFunction'])
    const pipeline = { repository: 'you/shop', makesStaff: false }
    const without = Template.fromStack(new PipelineStack(newApp(), stage, pipeline))
    assert.doesNotMatch(JSON.stringify(all(without, 'AWS::IAM::Policy')), /InvokeFunction/)
  })
})
