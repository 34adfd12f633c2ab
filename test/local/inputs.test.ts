/** What calls of AWS APIs may say: what the local cloud does not know is refused, as AWS names such mistakes. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { manualClock } from '../../cdk/local/clock.ts'
import type { Service } from '../../cdk/local/endpoint/aws-endpoint.ts'
import { AwsError } from '../../cdk/local/endpoint/aws-error.ts'
import { createKms } from '../../cdk/local/kms/kms.ts'
import { createSecretsManager } from '../../cdk/local/secrets/secrets-manager.ts'
import { createSqsApi } from '../../cdk/local/sqs/api.ts'
import { createSqs } from '../../cdk/local/sqs/sqs.ts'
import { openState } from '../../cdk/local/state/state.ts'
import { readAssembly } from '../../cdk/local/template/assembly.ts'
import type { JsonObject } from '../../cdk/local/template/json.ts'
import { resolveTemplates } from '../../cdk/local/template/template.ts'
import { temporaryFolder, writeAssembly } from './fixtures/setting.ts'

const folder = temporaryFolder()
const state = openState(join(folder.path, 'state'))
const template = resolveTemplates(
  readAssembly(
    writeAssembly(join(folder.path, 'assembly'), {
      Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'plain' } },
      Key: { Type: 'AWS::KMS::Key', Properties: { KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY', KeyPolicy: {} } },
      Alias: {
        Type: 'AWS::KMS::Alias',
        Properties: { AliasName: 'alias/signing', TargetKeyId: { 'Fn::GetAtt': ['Key', 'Arn'] } },
      },
      Secret: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'secret', SecretString: 'known' } },
    }),
  ),
  {
    region: 'eu-central-1',
    account: '000000000000',
    apiId: () => 'api',
    apiUrl: () => 'http://127.0.0.1:1',
    awsEndpoint: 'http://127.0.0.1:1',
  },
)
const clock = manualClock(1_000_000)
const sqs = createSqs(template, state, clock)
const allowsAll = { refusal: () => undefined, roleAllows: () => true, used: () => ({}) }
after(() => {
  sqs.stop()
  state.close()
  folder.remove()
})

const asking = (service: Service) => async (operation: string, input: JsonObject) =>
  service({
    operation,
    input,
    body: Buffer.from(JSON.stringify(input)),
    caller: { kind: 'operator' },
    traceHeader: '',
    closed: new AbortController().signal,
  })

type Refused = { operation: string; input: JsonObject; code: string; message: RegExp }

const refusals = (ask: ReturnType<typeof asking>, cases: readonly Refused[]) => {
  for (const { operation, input, code, message } of cases)
    test(`${operation}: ${message.source}`, async () => {
      await assert.rejects(ask(operation, input), (error) => {
        assert.ok(error instanceof AwsError, String(error))
        assert.deepEqual({ code: error.code, status: error.status }, { code, status: 400 })
        assert.match(error.message, message)
        return true
      })
    })
}

describe('SQS refuses', () => {
  const ask = asking(createSqsApi(sqs, allowsAll))
  const QueueUrl = 'http://127.0.0.1:1/000000000000/plain'
  const MessageBody = 'one'
  const SendMessage = (more: JsonObject, code: string, message: RegExp): Refused => ({
    operation: 'SendMessage',
    input: { QueueUrl, MessageBody, ...more },
    code,
    message,
  })
  const ReceiveMessage = (more: JsonObject, code: string, message: RegExp): Refused => ({
    operation: 'ReceiveMessage',
    input: { QueueUrl, ...more },
    code,
    message,
  })

  refusals(ask, [
    SendMessage({ MessageGroupId: 'g' }, 'InvalidParameterValue', /does not know the parameter MessageGroupId/),
    SendMessage({ MessageBody: '' }, 'MissingParameter', /must contain the parameter MessageBody/),
    SendMessage({ MessageBody: 7 }, 'SerializationException', /MessageBody must be of type string/),
    SendMessage({ DelaySeconds: '5' }, 'SerializationException', /DelaySeconds must be of type/),
    SendMessage({ DelaySeconds: 901 }, 'InvalidParameterValue', /DelaySeconds must be at most 900/),
    SendMessage({ DelaySeconds: -1 }, 'InvalidParameterValue', /DelaySeconds must be at least 0/),
    SendMessage(
      { MessageAttributes: { kind: { StringValue: 'late' } } },
      'MissingParameter',
      /must contain the parameter MessageAttributes.kind.DataType/,
    ),
    SendMessage(
      { MessageAttributes: { kind: { DataType: 'String', StringListValues: ['late'] } } },
      'InvalidParameterValue',
      /does not know the parameter MessageAttributes.kind.StringListValues/,
    ),
    ReceiveMessage({ MaxNumberOfMessages: 11 }, 'InvalidParameterValue', /MaxNumberOfMessages must be at most 10/),
    ReceiveMessage({ MaxNumberOfMessages: 0 }, 'InvalidParameterValue', /MaxNumberOfMessages must be at least 1/),
    ReceiveMessage({ WaitTimeSeconds: 21 }, 'InvalidParameterValue', /WaitTimeSeconds must be at most 20/),
    ReceiveMessage({ AttributeNames: 'All' }, 'SerializationException', /AttributeNames must be of type array/),
    {
      operation: 'ChangeMessageVisibility',
      input: { QueueUrl, ReceiptHandle: 'r' },
      code: 'MissingParameter',
      message: /must contain the parameter VisibilityTimeout/,
    },
    {
      operation: 'ListQueues',
      input: { MaxResults: 5 },
      code: 'InvalidParameterValue',
      message: /MaxResults must be 1000/,
    },
    {
      operation: 'StartMessageMoveTask',
      input: { SourceArn: 'arn', MaxNumberOfMessagesPerSecond: 5 },
      code: 'InvalidParameterValue',
      message: /does not know the parameter MaxNumberOfMessagesPerSecond/,
    },
    {
      operation: 'PurgeQueue',
      input: { QueueUrl },
      code: 'UnknownOperationException',
      message: /PurgeQueue is not known/,
    },
  ])

  test('an entry of a batch alone, and not those beside it', async () => {
    const Entries: JsonObject[] = [
      { Id: 'a', MessageBody },
      { Id: 'b', MessageBody, MessageGroupId: 'g' },
      { Id: 'c', MessageBody: '' },
    ]
    const answer = await ask('SendMessageBatch', { QueueUrl, Entries })
    const outcomes = [answer.Successful, answer.Failed].map((list) =>
      Array.isArray(list) ? list.map((one) => ({ ...Object(one) })).map(({ Id, Code }) => ({ Id, Code })) : [],
    )
    assert.deepEqual(outcomes, [
      [{ Id: 'a', Code: undefined }],
      [
        { Id: 'b', Code: 'InvalidParameterValue' },
        { Id: 'c', Code: 'MissingParameter' },
      ],
    ])
    const queue = sqs.queues.get('plain')
    assert.ok(queue)
    assert.deepEqual(
      sqs.receive(queue, 10).map(({ body }) => body),
      [MessageBody],
    )
  })
})

describe('KMS refuses', () => {
  const ask = asking(createKms(template, state, allowsAll))
  const good = { KeyId: 'alias/signing', Message: 'aGVsbG8=', SigningAlgorithm: 'RSASSA_PKCS1_V1_5_SHA_256' }
  const Sign = (more: JsonObject, code: string, message: RegExp): Refused => ({
    operation: 'Sign',
    input: { ...good, ...more },
    code,
    message,
  })

  refusals(ask, [
    Sign({ DryRun: true }, 'ValidationException', /does not know the parameter DryRun/),
    Sign({ MessageType: 'EXTERNAL_MU' }, 'ValidationException', /MessageType must be RAW or DIGEST/),
    Sign({ SigningAlgorithm: 'ECDSA_SHA_256' }, 'ValidationException', /must be RSASSA_PKCS1_V1_5_SHA_256/),
    Sign({ Message: 7 }, 'SerializationException', /Message must be of type string/),
    Sign({ KeyId: 'alias/other' }, 'NotFoundException', /does not exist/),
    { operation: 'GetPublicKey', input: {}, code: 'ValidationException', message: /must contain the parameter KeyId/ },
  ])
})

describe('Secrets Manager refuses', () => {
  const ask = asking(createSecretsManager(template, state, allowsAll))
  const GetSecretValue = (more: JsonObject, code: string, message: RegExp): Refused => ({
    operation: 'GetSecretValue',
    input: { SecretId: 'secret', ...more },
    code,
    message,
  })

  refusals(ask, [
    GetSecretValue({ VersionStage: 'AWSPREVIOUS' }, 'InvalidParameterException', /VersionStage must be AWSCURRENT/),
    GetSecretValue({ VersionId: 'v' }, 'InvalidParameterException', /does not know the parameter VersionId/),
    GetSecretValue({ SecretId: 'other' }, 'ResourceNotFoundException', /can't find/),
  ])
})
