/** The synthesised templates: what a careful platform engineer would look for. */
import assert from 'node:assert/strict'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { RemovalPolicy } from 'aws-cdk-lib'
import { entriesOf } from '../../cdk/constructs/entries.ts'
import { functionOfDeadLetters } from '../../cdk/constructs/messaging/dead-letters.ts'
import { assetFolders } from '../../cdk/local/template/assembly.ts'
import { stageNamed } from '../../cdk/stages.ts'
import { issuer } from '../../functions/issuer/contract.ts'
import { services } from '../../functions/services.ts'
import { kebab, maxReceiveCount } from '../../shared/contract/endpoint.ts'
import { callsOf } from '../../shared/contract/staff-check.ts'
import type { Json } from '../support/service.ts'
import { assembly, ofType, resources, templates } from '../support/templates.ts'

const functions = ofType('AWS::Lambda::Function')

describe('stacks', () => {
  test('issuer, gateway, one for each service, and the front', () => {
    const expected = ['issuer', 'gateway', 'front', ...services.map(({ name }) => name)].map(
      (name) => `shop-dev-${name}`,
    )
    assert.deepEqual(templates.map(({ name }) => name).toSorted(), expected.toSorted())
  })

  test('stay well below what AWS takes: 500 resources a stack, 300 routes and as many integrations an API', () => {
    for (const { name, template } of templates) {
      const count = Object.keys(template.Resources).length
      assert.ok(count < 450, `${name} has ${count} resources`)
    }
    for (const type of ['Route', 'Integration']) {
      const apis = Object.groupBy(ofType(`AWS::ApiGatewayV2::${type}`), ({ Properties }) =>
        JSON.stringify(Properties.ApiId),
      )
      for (const [api, found = []] of Object.entries(apis))
        assert.ok(found.length < 280, `${api} has ${found.length} of ${type}`)
    }
  })

  test('services share only what the gateway and the issuer lend: each can be deployed alone', () => {
    for (const { name, template } of templates) {
      const imports = [...JSON.stringify(template).matchAll(/"Fn::ImportValue":"([^":]+):/g)].map((match) => match[1])
      for (const from of imports)
        assert.ok(['shop-dev-gateway', 'shop-dev-issuer'].includes(from ?? ''), `${name} imports from ${from}`)
    }
  })
})

describe('functions', () => {
  test('every declared function is deployed, from its own bundle', () => {
    for (const service of [issuer, ...services])
      for (const { name } of entriesOf(service))
        assert.ok(
          functions.some(({ Properties }) => Properties.FunctionName === `shop-dev-${service.name}-${name}`),
          `${service.name}/${name}`,
        )
  })

  test('endpoints decide whether X-Ray records a request, and what follows from it goes along; only those may write there', () => {
    const modes = { endpoint: 'Active', procedure: 'PassThrough', consumer: 'PassThrough', task: 'PassThrough' }
    const kinds = new Map<string, string>(
      [issuer, ...services].flatMap((service) =>
        entriesOf(service).map(({ kind, name }) => [`shop-dev-${service.name}-${name}`, kind] as const),
      ),
    )
    const writers = resources
      .filter(({ Type, Properties }) => Type === 'AWS::IAM::Policy' && JSON.stringify(Properties).includes('"xray:'))
      .flatMap(({ stack, Properties }) => Properties.Roles.map((role: Json) => `${stack} ${role.Ref}`))
    for (const { stack, Properties } of functions) {
      const name: string = Properties.FunctionName
      const mode = new Map<string, string>(Object.entries(modes)).get(kinds.get(name) ?? 'relay')
      assert.equal(Properties.TracingConfig?.Mode, mode, name)
      const role = `${stack} ${Properties.Role['Fn::GetAtt'][0]}`
      assert.equal(writers.includes(role), mode !== undefined, `${name} may write to X-Ray`)
    }
  })

  test('run on arm64 and nodejs24.x, with a log group that forgets', () => {
    for (const { id, Properties } of functions) {
      assert.deepEqual(Properties.Architectures, ['arm64'], id)
      assert.equal(Properties.Runtime, 'nodejs24.x', id)
      assert.ok(Properties.Timeout <= 50, id)
      const { LogGroup, ...logging } = Properties.LoggingConfig
      assert.ok(LogGroup, id)
      // Lambda's own level must let all through: metrics are lines without a level, which it takes for INFO.
      assert.deepEqual(logging, { LogFormat: 'JSON', SystemLogLevel: 'WARN', ApplicationLogLevel: 'DEBUG' }, id)
    }
    const logs = ofType('AWS::Logs::LogGroup')
    // And the access logs of both APIs.
    assert.equal(logs.length, functions.length + 2)
    for (const { id, Properties } of logs) assert.ok(Properties.RetentionInDays > 0, id)
  })

  test('mistake 4: a call between services ends well before its caller, and that before the gateway', () => {
    const behindGateway = new Set(
      [...services].flatMap((service) => Object.keys(service.endpoints).map((name) => `${service.name}/${name}`)),
    )
    assert.ok(behindGateway.size > 30)
    const asksAllAtOnce = new Set(['identity/export-me'])
    for (const service of services)
      for (const { kind, name, declaration } of entriesOf(service)) {
        const seconds = functions.find(
          ({ Properties }) => Properties.FunctionName === `shop-dev-${service.name}-${name}`,
        )?.Properties.Timeout
        if (kind === 'endpoint') assert.ok(seconds < 30, name)
        const inTurn = asksAllAtOnce.has(`${service.name}/${name}`) ? 1 : callsOf(declaration).length
        assert.ok(seconds > 3 * inTurn, name)
      }
  })

  test('hold no secret in their environment', () => {
    for (const { id, Properties } of functions)
      for (const name of Object.keys(Properties.Environment?.Variables ?? {}))
        assert.doesNotMatch(name, /PASSWORD|TOKEN$|SECRET$|PRIVATE/, `${id} ${name}`)
  })

  test('weigh at most 400 KB', () => {
    const folders = assetFolders(assembly)
    for (const { id, Properties } of functions) {
      const bytes = readdirSync(folders.get(Properties.Code.S3Key) ?? '', { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
      assert.ok(bytes <= 400 * 1024, `${id} has ${bytes} bytes`)
    }
  })
})

describe('routes', () => {
  const routes = ofType('AWS::ApiGatewayV2::Route')

  test('are those of the contracts, with the scope that their caller needs', () => {
    const declared = services.flatMap(({ endpoints }) => Object.values(endpoints))
    const keysOf = ({ method, path }: { method: string; path: string }) =>
      method === 'ANY' ? ['$default'] : [`${method} ${path}`, ...(method === 'GET' ? [`HEAD ${path}`] : [])]
    const keys = declared.flatMap((endpoint) => keysOf(endpoint).map((key) => ({ key, caller: endpoint.caller })))
    for (const { key, caller } of keys) {
      const route = routes.find(({ Properties }) => Properties.RouteKey === key)
      assert.ok(route, key)
      assert.equal(route.Properties.AuthorizationType, caller === 'anyone' ? 'NONE' : 'JWT')
      assert.deepEqual(
        route.Properties.AuthorizationScopes,
        caller === 'anyone' ? undefined : [caller === 'staff' ? 'staff' : 'shop'],
      )
    }
    assert.equal(routes.length, keys.length + Object.values(issuer.endpoints).flatMap(keysOf).length)
  })
})

describe('pages of other origins', () => {
  test('may read what an answer tells in header fields, also that a token has expired', () => {
    const [api] = ofType('AWS::ApiGatewayV2::Api').filter(({ Properties }) => Properties.CorsConfiguration)
    const { AllowHeaders, ExposeHeaders } = api?.Properties.CorsConfiguration ?? {}
    for (const name of ['etag', 'location', 'retry-after', 'idempotent-replayed', 'www-authenticate'])
      assert.ok(ExposeHeaders.includes(name), name)
    for (const name of ['authorization', 'idempotency-key', 'if-match', 'if-none-match', 'prefer'])
      assert.ok(AllowHeaders.includes(name), name)
  })
})

describe('tables', () => {
  test('are paid by use, can be restored to any minute, and the first of a service has a stream', () => {
    const tables = ofType('AWS::DynamoDB::Table')
    const further = services.flatMap(({ name, tables: declared = {} }) =>
      Object.keys(declared).map((table) => `${name} ${table}`),
    )
    assert.equal(tables.length, services.filter(({ table }) => table).length + further.length)
    assert.deepEqual(further, ['catalog search'])
    assert.equal(tables.filter(({ Properties }) => Properties.StreamSpecification === undefined).length, 1)
    for (const { id, Properties } of tables) {
      assert.equal(Properties.BillingMode, 'PAY_PER_REQUEST', id)
      assert.equal(Properties.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled, true, id)
      if (Properties.StreamSpecification)
        assert.equal(Properties.StreamSpecification.StreamViewType, 'NEW_AND_OLD_IMAGES', id)
      assert.equal(Properties.TimeToLiveSpecification.AttributeName, 'expiresAt', id)
    }
  })

  test('of production stay when their stack goes', () => {
    assert.equal(stageNamed('prod').removalPolicy, RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE)
    assert.equal(stageNamed('prod').deletionProtection, true)
    assert.throws(() => stageNamed('moon'), /unknown stage "moon"/)
  })
})

describe('queues', () => {
  const queues = ofType('AWS::SQS::Queue')

  test('each has a dead-letter queue, and time enough before a message comes again', () => {
    const polled = ofType('AWS::Lambda::EventSourceMapping').filter(({ Properties }) =>
      JSON.stringify(Properties.EventSourceArn).includes('queue'),
    )
    for (const { Properties } of polled) {
      const queue = queues.find(
        ({ id, stack }) =>
          JSON.stringify(Properties.EventSourceArn).includes(id) &&
          resources.some((resource) => resource.stack === stack),
      )
      const fn = functions.find(({ id }) => JSON.stringify(Properties.FunctionName).includes(`"${id}"`))
      assert.ok(queue && fn)
      assert.equal(queue.Properties.RedrivePolicy.maxReceiveCount, maxReceiveCount, queue.id)
      assert.ok(queue.Properties.VisibilityTimeout >= 6 * fn.Properties.Timeout, queue.id)
      assert.deepEqual(Properties.FunctionResponseTypes, ['ReportBatchItemFailures'])
    }
    assert.equal(
      polled.length,
      services.reduce((sum, { tasks = {} }) => sum + Object.keys(tasks).length, 0),
    )
  })

  test('no limit of its own holds a queue’s pollers at five: empty queues are asked by two', () => {
    for (const { id, Properties } of ofType('AWS::Lambda::EventSourceMapping'))
      assert.equal(Properties.ScalingConfig, undefined, id)
  })

  test('are called as the function whose work they hold: so the dead-letters command finds one from the other', () => {
    const names = new Set(functions.map(({ Properties }) => Properties.FunctionName))
    for (const { id, Properties } of queues) {
      const of = functionOfDeadLetters(Properties.QueueName) ?? Properties.QueueName
      assert.ok(names.has(of), `${id} ${Properties.QueueName}`)
      assert.equal(Properties.RedrivePolicy === undefined, Properties.QueueName.endsWith('-dead-letters'), id)
    }
    for (const name of names) assert.equal(functionOfDeadLetters(name), undefined)
  })

  const deadLetterQueues = new Set(
    queues.filter(({ Properties }) => !Properties.RedrivePolicy).map(({ stack, id }) => `${stack} ${id}`),
  )
  const isDeadLetterQueue = (stack: string, arn: Json): boolean =>
    deadLetterQueues.has(`${stack} ${arn?.['Fn::GetAtt']?.[0]}`)

  test('every target of every rule has a dead-letter queue', () => {
    const rules = ofType('AWS::Events::Rule')
    for (const { stack, id, Properties } of rules) {
      assert.ok(Properties.Targets.length > 0, id)
      for (const target of Properties.Targets) assert.ok(isDeadLetterQueue(stack, target.DeadLetterConfig?.Arn), id)
    }
  })

  test('an event that no consumer hears is one of these, which are told for whoever subscribes to the bus', () => {
    const heard = new Set(
      services.flatMap(({ consumers = {} }) =>
        Object.values(consumers).flatMap(({ on }) => on.map(({ type }) => type)),
      ),
    )
    const unheard = services
      .flatMap(({ events = {} }) => Object.values<{ type: string }>(events).map(({ type }) => type))
      .filter((type) => !heard.has(type))
    assert.deepEqual(unheard.toSorted(), [
      'order.completed',
      'payment.action-required',
      'product.archived',
      'return.requested',
      'stock.rejected',
      'user.unfollowed',
    ])
  })

  test('a function that fails for good on an event, or on a scheduled run, leaves word in its dead-letter queue', () => {
    const rules = ofType('AWS::Events::Rule')
    const configured = ofType('AWS::Lambda::EventInvokeConfig')
    assert.ok(rules.length > 30)
    assert.equal(configured.length, rules.length)
    for (const { stack, Properties } of rules) {
      const [target, ...others] = Properties.Targets
      assert.deepEqual(others, [])
      const fn = functions.find((each) => each.stack === stack && target.Arn['Fn::GetAtt']?.[0] === each.id)
      const config = configured.find((each) => each.stack === stack && each.Properties.FunctionName.Ref === fn?.id)
      const { DestinationConfig, MaximumRetryAttempts, MaximumEventAgeInSeconds } = config?.Properties ?? {}
      assert.ok(isDeadLetterQueue(stack, DestinationConfig?.OnFailure.Destination), fn?.id)
      assert.deepEqual(DestinationConfig.OnFailure.Destination, target.DeadLetterConfig.Arn)
      assert.deepEqual(
        { MaximumRetryAttempts, MaximumEventAgeInSeconds },
        { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 21_600 },
      )
    }
  })

  test('each rule for events may invoke its function, and only it', () => {
    const permissions = ofType('AWS::Lambda::Permission').filter(
      ({ Properties }) => Properties.Principal === 'events.amazonaws.com',
    )
    for (const { stack, id, Properties } of ofType('AWS::Events::Rule')) {
      const [target] = Properties.Targets
      const mine = permissions.filter(
        (each) => each.stack === stack && each.Properties.SourceArn['Fn::GetAtt']?.[0] === id,
      )
      assert.deepEqual(
        mine.map((each) => each.Properties.FunctionName),
        [target.Arn],
        id,
      )
    }
    assert.equal(permissions.length, ofType('AWS::Events::Rule').length)
  })

  test('the bus offers an event for a day to a function that Lambda does not take it for', () => {
    const rules = ofType('AWS::Events::Rule').filter(({ Properties }) => Properties.EventPattern)
    assert.equal(
      rules.length,
      services.reduce((sum, { consumers = {} }) => sum + Object.keys(consumers).length, 0),
    )
    for (const { id, Properties } of rules)
      for (const target of Properties.Targets) {
        assert.deepEqual(target.RetryPolicy, { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 }, id)
      }
  })

  test('streams stop at nothing: batches are bisected, and what fails for good is kept', () => {
    const mappings = ofType('AWS::Lambda::EventSourceMapping').filter(({ Properties }) =>
      JSON.stringify(Properties.EventSourceArn).includes('StreamArn'),
    )
    const readersOf = ({ events = {}, projections = {} }: (typeof services)[number]): number =>
      Math.min(1, Object.keys(events).length) + Object.keys(projections).length
    assert.equal(
      mappings.length,
      services.reduce((sum, service) => sum + readersOf(service), 0),
    )
    for (const service of services) assert.ok(readersOf(service) <= 2, service.name)
    for (const { id, Properties } of mappings) {
      assert.equal(Properties.FilterCriteria.Filters.length, 1, id)
      assert.equal(Properties.BisectBatchOnFunctionError, true, id)
      assert.equal(Properties.StartingPosition, 'TRIM_HORIZON', id)
      assert.ok(Properties.DestinationConfig.OnFailure.Destination, id)
      assert.ok(Properties.MaximumRecordAgeInSeconds < 86_400, id)
    }
  })
})

describe('a secret that is made up', () => {
  test('is Base64 as it stands, also where an emulator knows one way only to leave signs out', () => {
    const secrets = ofType('AWS::SecretsManager::Secret')
    assert.ok(secrets.length >= 2)
    for (const { id, Properties } of secrets) {
      const { PasswordLength, ExcludePunctuation, ExcludeCharacters } = Properties.GenerateSecretString
      assert.equal(PasswordLength % 4, 0, id)
      assert.equal(ExcludePunctuation, true, id)
      for (let code = 33; code < 127; code += 1) {
        const sign = String.fromCharCode(code)
        assert.equal(ExcludeCharacters.includes(sign), !/[A-Za-z0-9]/.test(sign), `${id}: ${sign}`)
      }
    }
  })
})

describe('a task that puts its own rest aside', () => {
  test('is no runaway loop to AWS, and no other function may loop', () => {
    const mayLoop = ofType('AWS::Lambda::Function').flatMap(({ Properties }) =>
      Properties.RecursiveLoop === 'Allow' ? [Properties.FunctionName] : [],
    )
    const own = services.flatMap(({ name, tasks = {} }) =>
      Object.entries(tasks).flatMap(([key, { defers = [] }]) =>
        defers.includes(kebab(key)) ? [`shop-dev-${name}-${kebab(key)}`] : [],
      ),
    )
    assert.ok(own.length >= 2)
    assert.deepEqual(mayLoop.toSorted(), own.toSorted())
  })
})

/**
 * CloudFormation makes or removes one index of a table in an update. Whoever changes one here deploys that change alone, one
 * index after the other; a projection that changes is a new index under another number, then the removal of the old one.
 */
describe('the indexes of each table', () => {
  const known: Readonly<Record<string, string>> = {
    carts: 'gsi1 KEYS_ONLY',
    catalog: 'gsi1 ALL, gsi2 ALL, gsi3 ALL',
    identity: 'gsi1 KEYS_ONLY',
    inventory: 'gsi1 KEYS_ONLY',
    notifications: 'gsi1 ALL',
    orders: 'gsi1 KEYS_ONLY, gsi2 KEYS_ONLY, gsi3 KEYS_ONLY',
    payments: 'gsi1 KEYS_ONLY, gsi2 KEYS_ONLY',
    profiles: 'gsi1 KEYS_ONLY',
    relations: 'gsi1 KEYS_ONLY, gsi2 KEYS_ONLY, gsi3 KEYS_ONLY',
    reporting: 'gsi1 KEYS_ONLY',
    reviews: 'gsi1 ALL, gsi2 ALL, gsi3 ALL',
    searchtable: '',
    shipping: 'gsi1 KEYS_ONLY, gsi2 KEYS_ONLY',
    wishlist: '',
  }

  test('are those that are deployed', () => {
    const found = Object.fromEntries(
      ofType('AWS::DynamoDB::Table').map(({ stack, id, Properties }) => [
        Properties.StreamSpecification ? stack.replace('shop-dev-', '') : id.replace(/[A-Z0-9]{8}$/, ''),
        (Properties.GlobalSecondaryIndexes ?? [])
          .map(({ IndexName, Projection }: Json) => `${IndexName} ${Projection.ProjectionType}`)
          .join(', '),
      ]),
    )
    assert.deepEqual(found, known)
  })
})

describe('reconciliation', () => {
  test('three runs that find something, or do not take place, raise an alarm', () => {
    const alarms = ofType('AWS::CloudWatch::Alarm').filter(
      ({ Properties }) => Properties.MetricName === 'ReconciliationDrift',
    )
    assert.equal(alarms.length, 1)
    const [alarm] = alarms
    const { Namespace, Dimensions, Threshold, EvaluationPeriods, Period, TreatMissingData } = alarm?.Properties ?? {}
    assert.deepEqual(
      { Namespace, Dimensions },
      { Namespace: 'shop-dev', Dimensions: [{ Name: 'service', Value: 'reporting' }] },
    )
    assert.deepEqual(
      { Threshold, EvaluationPeriods, Period, TreatMissingData },
      { Threshold: 0, EvaluationPeriods: 3, Period: 600, TreatMissingData: 'breaching' },
    )
    assert.equal(alarm?.Properties.ComparisonOperator, 'GreaterThanThreshold')
    const rule = ofType('AWS::Events::Rule').find(
      ({ stack, Properties }) => stack === alarm?.stack && Properties.ScheduleExpression,
    )
    assert.equal(rule?.Properties.ScheduleExpression, 'rate(10 minutes)')
  })
})

describe('grants', () => {
  const statements = resources
    .filter(({ Type }) => Type === 'AWS::IAM::Policy')
    .flatMap(({ stack, id, Properties }) =>
      Properties.PolicyDocument.Statement.map((statement: Json) => ({ stack, id, ...statement })),
    )

  test('name their actions, and their resources but for tracing and listing streams, which know none', () => {
    for (const { id, Action, Resource } of statements) {
      const actions = [Action].flat()
      assert.ok(
        actions.every((action: string) => !action.includes('*')),
        `${id}: ${actions}`,
      )
      if (Resource === '*')
        for (const action of actions)
          assert.ok(
            ['xray:PutTelemetryRecords', 'xray:PutTraceSegments', 'dynamodb:ListStreams'].includes(action),
            `${id}: ${action}`,
          )
    }
  })

  test('only relays publish, and only identity signs', () => {
    const holders = (action: string) =>
      statements.filter(({ Action }) => [Action].flat().includes(action)).map(({ id }) => String(id))
    assert.ok(holders('events:PutEvents').length > 5)
    for (const id of holders('events:PutEvents')) assert.match(id, /^relay/)
    for (const { stack, Action, Condition } of statements)
      if ([Action].flat().includes('events:PutEvents'))
        assert.deepEqual(
          Condition,
          { StringEquals: { 'events:source': stack.replace('shop-dev-', 'shop.') } },
          `${stack} speaks for itself only`,
        )
    const signers = resources.filter(({ id }) => holders('kms:Sign').includes(id))
    assert.deepEqual([...new Set(signers.map(({ stack }) => stack))], ['shop-dev-identity'])
    for (const { Action, Condition } of statements)
      if ([Action].flat().includes('kms:Sign'))
        assert.deepEqual(Condition, { StringEquals: { 'kms:RequestAlias': ['alias/shop-dev-token-key-1'] } })
  })
})
