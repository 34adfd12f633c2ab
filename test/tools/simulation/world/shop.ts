/** The whole shop in one run: store, functions, streams, bus, queues, and the doors to them. */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { partnersSecret } from '../actors/fixtures.ts'
import { type Bus, createBus } from '../cloud/bus.ts'
import { createExpiry } from '../cloud/expiry.ts'
import { createHttp, type Http } from '../cloud/http.ts'
import type { AttributeMap } from '../cloud/model/model.ts'
import { createQueues, type Queues } from '../cloud/queues.ts'
import { createSchedules, type Schedules } from '../cloud/schedules.ts'
import type { Backend } from '../cloud/store.ts'
import { createStreams } from '../cloud/streams.ts'
import type { Act } from '../faults/gate.ts'
import { latencyMs } from '../faults/gate.ts'
import { createServiceOutage } from '../faults/service-outage.ts'
import type { Observer } from '../invariants/every-step/observer.ts'
import { createAnswerChecks, createPostconditions } from '../invariants/every-step/postconditions.ts'
import { createLambda, type LoadedFunction } from './functions.ts'
import { numbered, theInvocation } from './invocation.ts'
import type { RunContext } from './run-context.ts'
import { callsGoTo } from './stand-ins/invoke.ts'

export type Shop = {
  run: RunContext
  http: Http
  bus: Bus
  queues: Queues
  schedules: Schedules
  act: Act
  inPart: Act
  fetch: typeof fetch
  items(table: string): Promise<AttributeMap[]>
}

/** Some of the keys, or of the entries, are not taken; the caller is told which. */
const takenInPart = (run: RunContext, name: string): boolean => run.chance(name) < 0.5

const unprocessed = (RequestItems: Record<string, { Keys: unknown[] }>, isLeft: (index: number) => boolean) => {
  const split = Object.entries(RequestItems).map(([table, { Keys, ...rest }]) => ({
    table,
    now: { ...rest, Keys: Keys.filter((_, index) => !isLeft(index)) },
    later: { ...rest, Keys: Keys.filter((_, index) => isLeft(index)) },
  }))
  const part = (which: 'now' | 'later') =>
    Object.fromEntries(split.flatMap((one) => (one[which].Keys.length > 0 ? [[one.table, one[which]]] : [])))
  return { now: part('now'), later: part('later') }
}

/** What services outside of the simulation answer. Everybody has an account, and whose token says staff is staff. */
const neighbours: Readonly<Record<string, (payload: { input: { userId: string } }) => unknown>> = {
  'identity/find-user': ({ input: { userId } }) => ({ user: { id: userId, createdAt: '2026-01-01T00:00:00.000Z' } }),
  'identity/check-staff': () => ({ isStaff: true }),
}

export const createShop = async (
  run: RunContext,
  functions: ReadonlyMap<string, LoadedFunction>,
  backend: Backend,
  observer: Observer,
): Promise<Shop> => {
  const invoke = createLambda(functions, run)
  const queues = createQueues(run, invoke, createPostconditions(run, observer.look))
  const bus = createBus(run, queues)
  const toStreams = createStreams(run, invoke)
  const store = await backend({
    now: () => run.nowMs,
    onWrite: (write) => {
      observer.onWrite(write)
      toStreams(write)
      expiry.onWrite(write)
    },
  })
  const expiry = createExpiry(run, async (TableName, { pk, sk }, expiresAt) => {
    try {
      await store.execute('DeleteItem', {
        TableName,
        Key: { pk: { S: pk }, sk: { S: sk } },
        ConditionExpression: '#expiresAt = :expiresAt',
        ExpressionAttributeNames: { '#expiresAt': 'expiresAt' },
        ExpressionAttributeValues: { ':expiresAt': expiresAt },
      })
    } catch (error) {
      // Its time was moved on, or it is gone.
      if (!(error instanceof ConditionalCheckFailedException)) throw error
    }
  })
  const http = createHttp(run, invoke)

  const act: Act = async (operation, input, point) => {
    const { Entries, QueueUrl, MessageBody } = input as {
      Entries: Parameters<Bus['put']>[0]
      QueueUrl: string
      MessageBody: string
    }
    switch (operation) {
      case 'PutEvents':
        return bus.put(Entries)
      case 'SendMessage':
        queues.send(QueueUrl, `message of ${point}`, MessageBody)
        return { MessageId: 'message' }
      case 'GetSecretValue':
        return { SecretString: partnersSecret }
      case 'SendRawEmail':
        return { MessageId: 'mail' }
      default: {
        await expiry.sweep()
        const answer = await store.execute(operation, input)
        observer.afterCall()
        return answer
      }
    }
  }
  const inPart: Act = async (operation, input, point) => {
    if (operation === 'PutEvents') {
      const { Entries } = input as { Entries: Parameters<Bus['put']>[0] }
      // Not taken once, an event is not taken again as long as this lasts.
      return bus.put(Entries, ({ Detail }) => takenInPart(run, `in part ${JSON.parse(Detail).id}`))
    }
    const { RequestItems } = input as { RequestItems: Record<string, { Keys: unknown[] }> }
    const { now, later } = unprocessed(RequestItems, (index) => takenInPart(run, `in part ${point} ${index}`))
    const answer =
      Object.keys(now).length > 0 ? await store.execute(operation, { RequestItems: now }) : { Responses: {} }
    return { ...(answer as object), UnprocessedKeys: later }
  }

  const silenceOf = createServiceOutage(run)
  const checkAnswer = createAnswerChecks(run, observer.look)
  callsGoTo((functionName, payload, signal) => {
    const caller = theInvocation()
    const [, service = '', rest = ''] = /^shop-([a-z]+)-(.+)$/.exec(functionName) ?? []
    const point = `${caller.name} calls ${functionName} ${numbered(caller, functionName)}`
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(new Error('the call was given up')))
      const silence = silenceOf(service, rest)
      if (silence && run.befalls('silent', point)) {
        if (silence === 'refuses') reject(new Error('simulated: the function cannot be invoked'))
        return
      }
      if (run.fault('request-lost', point)) return
      const known = neighbours[`${service}/${rest}`]
      if (known) {
        run.at(latencyMs(run, point), () => resolve(known(JSON.parse(payload))))
        return
      }
      if (!functions.has(`${service}/${rest}`)) return reject(new Error('simulated: this service is not there'))
      run.at(latencyMs(run, point), () =>
        invoke(`${service}/${rest}`, point, JSON.parse(payload), (outcome) => {
          if (outcome.ok) checkAnswer(`${service}/${rest}`, JSON.parse(payload).input, outcome.value)
          if (caller.ended || run.fault('answer-lost', point)) return
          if (outcome.ok) resolve(outcome.value)
          else reject(outcome.error)
        }),
      )
    })
  })

  return {
    run,
    http,
    bus,
    queues,
    schedules: createSchedules(run, invoke),
    act,
    inPart,
    fetch: async (url, init) => {
      const caller = theInvocation()
      if (!String(url).endsWith('/payment-events')) throw new Error(`the simulation has nothing at ${String(url)}`)
      const headers = (init?.headers ?? {}) as Record<string, string>
      const answer = await http.once(
        'payments/receive-provider-event',
        `the provider in ${caller.name} ${numbered(caller, 'request')}`,
        {
          headers,
          body: init?.body,
        },
      )
      if (!answer) throw new Error('simulated: the shop did not answer the provider')
      return new Response(null, { status: answer.status })
    },
    async items(table) {
      await expiry.sweep()
      return store.items(table)
    },
  }
}
