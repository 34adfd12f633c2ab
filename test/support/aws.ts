/**
 * Stands where AWS stands for the function under test: passes DynamoDB on to the real engine, counting each call, and
 * answers the few other services from what the test gave it. A call that the test did not expect fails.
 */
import { createServer, type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { isForS3 } from '../../cdk/local/endpoint/aws-endpoint.ts'
import { openTestBucket, type TestBucket } from './objects.ts'

/** A DynamoDB call as the function sent it. */
export type DatabaseCall = { operation: string; input: Record<string, unknown> }

export type Failing = boolean | 'conflict'

export type Fakes = {
  /**
   * Answers of other services' procedures, by deployed name without prefix: `catalog-quote`. Unless a test says otherwise, whose
   * token says staff is staff.
   */
  procedures?: Record<string, (input: unknown) => unknown>
  /** Answers of other AWS operations, by name: `Sign`, `SendMessage`, `GetSecretValue`. An Error is AWS's refusal of that name. */
  operations?: Record<string, (input: Record<string, unknown>) => unknown>
  /**
   * Whether a DynamoDB call fails before it acts, as where a function ends half-way, or as where another write of the same
   * items is under way: `conflict`. The call waits for the answer, so a test can also have something else happen first.
   */
  fails?: ((call: DatabaseCall) => Failing | Promise<Failing>) | undefined
}

export type FakeAws = {
  url: string
  database: DatabaseCall[]
  /** All that was asked of other services of AWS, as IAM calls it: `lambda:InvokeFunction`. */
  others: string[]
  /** Opened at the first look. */
  bucket: () => TestBucket
  stop: () => void
}

type Reply = { status: number; body: string | Buffer; headers?: Record<string, string> }

const json = (value: unknown, status = 200): Reply => ({ status, body: JSON.stringify(value ?? {}) })

/** What DynamoDB says of a write that met another one; the engine never does, it runs one after the other. */
const conflict = ({ operation, input }: DatabaseCall): Reply => {
  if (operation !== 'TransactWriteItems')
    return json({ __type: 'TransactionConflictException', message: 'Transaction is ongoing for the item' }, 400)
  const items = Array.isArray(input.TransactItems) ? input.TransactItems : []
  const CancellationReasons = items.map((_, index) => ({ Code: index === 0 ? 'None' : 'TransactionConflict' }))
  return json({ __type: 'TransactionCanceledException', message: 'Transaction cancelled', CancellationReasons }, 400)
}

const passOn = (engine: string, incoming: IncomingMessage, body: string): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const outgoing = request(
      engine,
      { method: 'POST', headers: { ...incoming.headers, host: new URL(engine).host } },
      (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('end', () =>
          resolve({
            status: answer.statusCode ?? 500,
            body: Buffer.concat(chunks),
            headers: { 'content-type': 'application/x-amz-json-1.0' },
          }),
        )
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body)
  })

/** Query-protocol calls (SES) carry their operation and input as a form. */
const formCall = (body: string): { operation: string; input: Record<string, unknown> } => {
  const form = new URLSearchParams(body)
  return { operation: form.get('Action') ?? '', input: Object.fromEntries(form) }
}

const answerOperation = (fakes: Fakes, operation: string, input: Record<string, unknown>): Reply => {
  const fake = fakes.operations?.[operation]
  if (!fake) return json({ __type: 'UnexpectedCall', message: `the test expected no call of ${operation}` }, 400)
  const answer = fake(input)
  if (answer instanceof Error) return json({ __type: answer.name, message: answer.message }, 400)
  return typeof answer === 'string' ? { status: 200, body: answer } : json(answer)
}

const answerInvoke = (fakes: Fakes, functionName: string, body: string): Reply => {
  const procedures: NonNullable<Fakes['procedures']> = {
    'identity-check-staff': () => ({ isStaff: true }),
    ...fakes.procedures,
  }
  const procedure = Object.entries(procedures).find(([name]) => functionName.endsWith(`-${name}`))?.[1]
  if (!procedure) return json({ message: `the test expected no call of ${functionName}` }, 404)
  const payload: { input: unknown } = JSON.parse(body)
  return json(procedure(payload.input))
}

const otherActions: Readonly<Record<string, string>> = {
  GetSecretValue: 'secretsmanager:GetSecretValue',
  Sign: 'kms:Sign',
  GetPublicKey: 'kms:GetPublicKey',
  SendMessage: 'sqs:SendMessage',
  SendRawEmail: 'ses:SendRawEmail',
}

const objectActions: Readonly<Record<string, string>> = {
  GET: 's3:GetObject',
  PUT: 's3:PutObject',
  DELETE: 's3:DeleteObject',
}

export const startFakeAws = async (engine: string, fakes: Fakes): Promise<FakeAws> => {
  const database: DatabaseCall[] = []
  const others: string[] = []
  const reply = async (incoming: IncomingMessage): Promise<Reply> => {
    const body = await text(incoming)
    const target = String(incoming.headers['x-amz-target'] ?? '')
    const operation = target.split('.')[1] ?? ''
    if (target.startsWith('DynamoDB_')) {
      const call: DatabaseCall = { operation, input: JSON.parse(body) }
      database.push(call)
      const failing = await fakes.fails?.(call)
      if (failing === 'conflict') return conflict(call)
      // An error that the SDK does not try again.
      if (failing) return json({ __type: 'AccessDeniedException', message: 'the test lets it fail' }, 400)
      return passOn(engine, incoming, body)
    }
    const invoked = /\/functions\/([^/]+)\/invocations/.exec(incoming.url ?? '')?.[1]
    const action = invoked ? 'lambda:InvokeFunction' : otherActions[operation || formCall(body).operation]
    if (action) others.push(action)
    if (invoked) return answerInvoke(fakes, decodeURIComponent(invoked), body)
    if (operation) return answerOperation(fakes, operation, JSON.parse(body))
    const form = formCall(body)
    return answerOperation(fakes, form.operation, form.input)
  }
  let opened: TestBucket | undefined
  const bucket = (): TestBucket => {
    opened ??= openTestBucket()
    return opened
  }
  const server = createServer((incoming, outgoing) => {
    if (isForS3(incoming)) {
      const action = objectActions[incoming.method ?? '']
      if (action) others.push(action)
      bucket().handle(incoming, outgoing)
      return
    }
    reply(incoming).then(
      ({ status, body, headers }) =>
        outgoing.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body),
      (error: unknown) => outgoing.writeHead(500).end(String(error)),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (!address || typeof address !== 'object') throw new Error('the stand-in for AWS has no address')
  return {
    url: `http://127.0.0.1:${address.port}`,
    database,
    others,
    bucket,
    stop: () => {
      opened?.stop()
      server.closeAllConnections()
      server.close()
    },
  }
}
