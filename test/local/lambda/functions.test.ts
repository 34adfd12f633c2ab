/** How functions run: their instances, their limits, and what their roles let them do. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { type Cloud, startCloud } from '../../../cdk/local/cloud.ts'
import { synthesise } from '../fixtures/app.ts'
import { clientOf, eventually, temporaryFolder } from '../fixtures/setting.ts'

const folder = temporaryFolder()
let cloud: Cloud

before(async () => {
  synthesise(join(folder.path, 'assembly'), join(folder.path, 'journal'))
  cloud = await startCloud({ assembly: join(folder.path, 'assembly'), stateDirectory: folder.path, port: 0 })
})
after(async () => {
  await cloud?.stop()
  folder.remove()
})

const invoke = async (name: string, payload: object) => {
  const result = await cloud.invoke(name, payload)
  assert.equal(result.kind, 'answered')
  return result.kind === 'answered' ? { ...result, content: JSON.parse(result.payload) } : assert.fail()
}

describe('functions', () => {
  test('environment and context', async () => {
    const { environment, context, remainingMs } = (await invoke('actor', { do: 'describe' })).content
    assert.equal(environment.AWS_LAMBDA_FUNCTION_NAME, 'actor')
    assert.equal(environment.AWS_ENDPOINT_URL, cloud.awsEndpoint)
    assert.equal(environment._HANDLER, 'index.handler')
    assert.match(environment._X_AMZN_TRACE_ID, /^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/)
    assert.equal(environment.PATH, undefined, 'the machine’s own environment stays outside')
    assert.equal(context.functionName, 'actor')
    assert.equal(context.memoryLimitInMB, '256')
    assert.equal(context.invokedFunctionArn, 'arn:aws:lambda:eu-central-1:000000000000:function:actor')
    assert.ok(remainingMs > 0 && remainingMs <= 1000)
  })

  test('an error answers as Lambda does and keeps the instance', async () => {
    const count = (await invoke('actor', { do: 'count' })).content
    const { content, functionError } = await invoke('actor', { do: 'throw' })
    assert.equal(functionError, 'Unhandled')
    assert.deepEqual(
      { errorType: content.errorType, errorMessage: content.errorMessage },
      { errorType: 'RangeError', errorMessage: 'as told' },
    )
    assert.ok(Array.isArray(content.trace))
    assert.equal((await invoke('actor', { do: 'count' })).content, count + 2)
  })

  for (const way of ['spin', 'sleep']) {
    test(`a time-out ends the instance, also one that would ${way} on`, async () => {
      const { content, functionError } = await invoke('actor', { do: way, forMs: 60_000 })
      assert.equal(functionError, 'Unhandled')
      assert.match(content.errorMessage, /Task timed out after 1.00 seconds$/)
      assert.equal((await invoke('actor', { do: 'count' })).content, 1, 'a new instance')
    })
  }

  test('an instance that exits is replaced', async () => {
    assert.match((await invoke('actor', { do: 'exit' })).content.errorMessage, /exited without providing a reason/)
    assert.equal((await invoke('actor', { do: 'count' })).content, 1)
  })

  test('requests at once run in instances of their own', async () => {
    const results = await Promise.all(Array.from({ length: 3 }, () => invoke('actor', { do: 'sleep', forMs: 300 })))
    assert.equal(results.filter(({ functionError }) => functionError === undefined).length, 3)
    assert.ok((cloud.metrics.coldStarts.get('actor') ?? 0) >= 3)
  })

  test('reserved concurrency throttles with 429', async () => {
    const client = new LambdaClient(clientOf(cloud.awsEndpoint))
    const Payload = JSON.stringify({ do: 'sleep', forMs: 1_500 })
    const command = () => client.send(new InvokeCommand({ FunctionName: 'limited', Payload }))
    const first = command()
    await eventually(() => (cloud.metrics.invocations.get('limited') ?? 0) > 0)
    await assert.rejects(command(), { name: 'TooManyRequestsException' })
    assert.equal((await first).StatusCode, 200)
    await assert.rejects(client.send(new InvokeCommand({ FunctionName: 'nobody' })), {
      name: 'ResourceNotFoundException',
    })
  })
})

describe('permissions', () => {
  const dynamodb = (operation: string, input: object) => ({
    do: 'call',
    service: 'dynamodb',
    target: `DynamoDB_20120810.${operation}`,
    input,
  })
  const key = { pk: { S: 'a' }, sk: { S: 'b' } }

  test('what the role grants is allowed', async () => {
    const { content } = await invoke('actor', dynamodb('PutItem', { TableName: 'items', Item: key }))
    assert.equal(content.status, 200)
    const read = await invoke('actor', dynamodb('GetItem', { TableName: 'items', Key: key }))
    assert.deepEqual(read.content.answer, { Item: key })
    assert.ok(cloud.usedActions().actor?.some(({ action }) => action === 'dynamodb:PutItem'))
  })

  const refused: [string, object, string][] = [
    ['another action', dynamodb('DeleteItem', { TableName: 'items', Key: key }), 'dynamodb:DeleteItem'],
    ['another table', dynamodb('GetItem', { TableName: 'others', Key: key }), 'table/others'],
    ['an index', dynamodb('Query', { TableName: 'items', IndexName: 'by-kind' }), 'table/items/index/by-kind'],
    [
      'one entry of a transaction',
      dynamodb('TransactWriteItems', {
        TransactItems: [
          { Put: { TableName: 'items', Item: key } },
          { ConditionCheck: { TableName: 'items', Key: key } },
        ],
      }),
      'dynamodb:ConditionCheckItem',
    ],
    [
      'a batch',
      dynamodb('BatchWriteItem', { RequestItems: { items: [{ PutRequest: { Item: key } }] } }),
      'dynamodb:BatchWriteItem',
    ],
    [
      'the bus',
      { do: 'call', service: 'events', target: 'AWSEvents.PutEvents', input: { Entries: [{ EventBusName: 'bus' }] } },
      'events:PutEvents',
    ],
    [
      'another function',
      { do: 'call', service: 'lambda', path: '/2015-03-31/functions/limited/invocations', input: {} },
      'lambda:InvokeFunction',
    ],
  ]
  for (const [what, request, named] of refused) {
    test(`refused: ${what}`, async () => {
      const { status, answer } = (await invoke('actor', request)).content
      assert.ok(status === 400 || status === 403)
      const role = /^User: arn:aws:sts::000000000000:assumed-role\/\S+\/actor is not authorized to perform: /
      assert.match(answer.message, role)
      assert.ok(answer.message.includes(named), answer.message)
    })
  }

  test('an access key that is nobody’s is refused', async () => {
    const credentials = { accessKeyId: 'AKIAUNKNOWN', secretAccessKey: 'x' }
    const client = new DynamoDBClient({ ...clientOf(cloud.awsEndpoint), credentials })
    await assert.rejects(client.send(new DescribeTableCommand({ TableName: 'items' })), {
      name: 'UnrecognizedClientException',
    })
  })
})
