import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { type Cloud, StartError, startCloud } from '../../cdk/local/cloud.ts'
import { temporaryFolder, writeAssembly } from './fixtures/setting.ts'

const folder = temporaryFolder()
after(folder.remove)

let count = 0
const start = (resources: object, { more = {}, port = 0, state = '' } = {}): Promise<Cloud> => {
  const own = join(folder.path, String(++count))
  const assembly = writeAssembly(join(own, 'assembly'), resources, more)
  return startCloud({ assembly, stateDirectory: state || join(own, 'state'), port })
}

const refuses = (starting: Promise<Cloud>, message: RegExp) =>
  assert.rejects(starting, (error: Error) => {
    assert.ok(error instanceof StartError, error.stack)
    assert.match(error.message, message)
    assert.ok(!error.message.includes('\n'), 'one line')
    return true
  })

const table = (hash: string) => ({
  Type: 'AWS::DynamoDB::Table',
  Properties: {
    TableName: 'things',
    AttributeDefinitions: [{ AttributeName: hash, AttributeType: 'S' }],
    KeySchema: [{ AttributeName: hash, KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
  },
})

const role = (statement: object) => ({
  Type: 'AWS::IAM::Role',
  Properties: { Policies: [{ PolicyName: 'p', PolicyDocument: { Statement: [statement] } }] },
})

describe('what the local cloud does not know stops it', () => {
  test('a resource type', () =>
    refuses(start({ Pipe: { Type: 'AWS::Pipes::Pipe' } }), /stack only, resource Pipe \(AWS::Pipes::Pipe\).*this type/))

  test('a property', () =>
    refuses(
      start({ Q: { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true } } }),
      /stack only, resource Q \(AWS::SQS::Queue\).*property "FifoQueue"/,
    ))

  test('a nested property', () =>
    refuses(
      start({ R: { Type: 'AWS::Events::Rule', Properties: { Targets: [{ Id: 'a', InputPath: '$' }] } } }),
      /resource R .*property "Targets.InputPath"/,
    ))

  test('a value of a property, and one that is missing', async () => {
    const python = { Handler: 'a.b', Role: 'r', Code: { S3Key: 'k' }, Runtime: 'python3.13' }
    await refuses(
      start({ F: { Type: 'AWS::Lambda::Function', Properties: python } }),
      /resource F \(AWS::Lambda::Function\): property "Runtime" must be nodejs22.x or nodejs24.x/,
    )
    await refuses(
      start({ R: { Type: 'AWS::ApiGatewayV2::Route', Properties: { ApiId: 'a', Target: 't' } } }),
      /resource R \(AWS::ApiGatewayV2::Route\): property "RouteKey"/,
    )
    const statement = { Effect: 'Allow', NotAction: 'sqs:*', Resource: '*' }
    await refuses(start({ R: role(statement) }), /property "Policies.PolicyDocument.Statement.NotAction"/)
  })

  test('an intrinsic function', () =>
    refuses(
      start({ Q: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { 'Fn::If': ['a', 'b', 'c'] } } } }),
      /stack only: Fn::If/,
    ))

  test('a template section, a resource attribute', async () => {
    await refuses(start({}, { more: { Mappings: { A: {} } } }), /section "Mappings"/)
    await refuses(start({ Q: { Type: 'AWS::SQS::Queue', Condition: 'X' } }), /resource Q .*"Condition"/)
  })

  test('a condition operator, a condition key, a managed policy', async () => {
    const statement = { Effect: 'Allow', Action: 'sqs:*', Resource: '*' }
    const inRange = { ...statement, Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }
    await refuses(start({ R: role(inRange) }), /resource R .*condition operator "IpAddress"/)
    const tagged = { ...statement, Condition: { StringEquals: { 'aws:PrincipalTag/a': 'b' } } }
    await refuses(start({ R: role(tagged) }), /condition key "aws:PrincipalTag\/a"/)
    const admin = {
      Type: 'AWS::IAM::Role',
      Properties: { ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] },
    }
    await refuses(start({ R: admin }), /AdministratorAccess is not known/)
  })

  test('an operator in a rule', () =>
    refuses(
      start({ R: { Type: 'AWS::Events::Rule', Properties: { EventPattern: { a: [{ near: 1 }] }, Targets: [] } } }),
      /resource R .*unknown operator "near"/,
    ))

  test('a folder that holds no assembly', () =>
    refuses(
      startCloud({ assembly: folder.path, stateDirectory: join(folder.path, 'no'), port: 0 }),
      /manifest.json cannot be read/,
    ))
})

describe('starting', () => {
  test('a busy port is named, with the way out', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    await refuses(start({}, { port }), new RegExp(`port ${port} is in use.*--port`))
    server.close()
  })

  test('a second start on the same state is refused; after a stop it goes on', async () => {
    const state = join(folder.path, 'shared')
    const first = await start({}, { state })
    await refuses(start({}, { state }), new RegExp(`in use by process ${process.pid}`))
    await first.stop()
    await (await start({}, { state })).stop()
  })

  test('the lock of a process that is gone is taken over', async () => {
    const state = join(folder.path, 'stale')
    mkdirSync(state)
    writeFileSync(join(state, 'lock'), '999999999\n')
    await (await start({}, { state })).stop()
  })

  test('so is one whose process number is another’s by now, or waits to be reaped', async (t) => {
    if (process.platform !== 'linux') return t.diagnostic('only Linux tells when a process began')
    const state = join(folder.path, 'reused')
    mkdirSync(state)
    writeFileSync(join(state, 'lock'), `${process.pid} 1\n`)
    await (await start({}, { state })).stop()
    // The shell that started it sleeps on and does not ask how its child ended.
    const shell = spawn('sh', ['-c', 'true & echo $!; exec sleep 30'])
    const [child] = await once(shell.stdout, 'data')
    await new Promise((resolve) => setTimeout(resolve, 100))
    writeFileSync(join(state, 'lock'), `${String(child).trim()}\n`)
    await (await start({}, { state })).stop()
    shell.kill('SIGKILL')
  })

  test('a damaged state says so in one line', async () => {
    for (const file of ['cloud.sqlite', 'tables.sqlite']) {
      const state = join(folder.path, `damaged-${file}`)
      mkdirSync(state)
      writeFileSync(join(state, file), 'this was a database once, long enough to be read as one '.repeat(20))
      await refuses(start({}, { state }), new RegExp(`${file}.*--fresh`))
    }
  })

  test('a table whose keys have changed says so', async () => {
    const state = join(folder.path, 'tables')
    await (await start({ T: table('pk') }, { state })).stop()
    await (await start({ T: table('pk') }, { state })).stop()
    await refuses(
      start({ T: table('id') }, { state }),
      /resource T \(AWS::DynamoDB::Table\): table things exists with keys pk:S, .* id:S.*--fresh/,
    )
  })

  test('without an engine the way out is one line', async () => {
    process.env.SHOP_DYNAMODB_ENDPOINT = 'http://127.0.0.1:1'
    try {
      await refuses(start({}), /SHOP_DYNAMODB_ENDPOINT http:\/\/127.0.0.1:1 does not answer/)
    } finally {
      delete process.env.SHOP_DYNAMODB_ENDPOINT
    }
  })
})
