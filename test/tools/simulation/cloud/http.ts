/** Requests of people and of the provider, over a network that loses, doubles and delays them. */
import { entriesOf, type FunctionEntry } from '../../../../cdk/constructs/entries.ts'
import { longDelaysMs } from '../faults/faults.ts'
import { latencyMs } from '../faults/gate.ts'
import { type InvokeFunction, services } from '../world/functions.ts'
import type { RunContext } from '../world/run-context.ts'

export type Caller = { sub: string; scope: string }

export type Request = {
  params?: Record<string, string>
  query?: Record<string, string>
  body?: unknown
  caller?: Caller
  headers?: Record<string, string>
}

/** Answers are looked into by name: people read what they need. */
// biome-ignore lint/suspicious/noExplicitAny: assertions on answers are the check of their shape
export type Json = any
export type Answer = { status: number; headers: Record<string, string>; body: Json }

export type Http = {
  /** One request, one answer; undefined where it is lost. @param name tells it from all others */
  once(endpoint: string, name: string, request: Request): Promise<Answer | undefined>
  /** As a careful client does: asks again, with the same key while it is known, until there is an answer, or gives up (undefined). */
  ask(endpoint: string, name: string, request: Request): Promise<Answer | undefined>
}

type EndpointEntry = FunctionEntry & { kind: 'endpoint' }

/** By the end of its deployed name, `orders/place-order`. */
const endpoints = new Map<string, EndpointEntry>(
  services.flatMap((service) =>
    entriesOf(service).flatMap((entry): [string, EndpointEntry][] =>
      entry.kind === 'endpoint' ? [[`${service.name}/${entry.name}`, entry]] : [],
    ),
  ),
)

const eventOf = ({ declaration }: EndpointEntry, { params, query, body, caller, headers }: Request) => ({
  version: '2.0',
  rawPath: declaration.path.replace(/\{(\w+)\+?\}/g, (_, name: string) => params?.[name] ?? ''),
  headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
  queryStringParameters: query,
  pathParameters: params,
  requestContext: {
    http: { method: declaration.method, sourceIp: '192.0.2.1' },
    ...(caller ? { authorizer: { jwt: { claims: caller } } } : {}),
  },
  isBase64Encoded: false,
  body: typeof body === 'string' || body === undefined ? body : JSON.stringify(body),
})

const answerOf = (value: unknown): Answer => {
  const { statusCode, headers = {}, body = '' } = value as Json
  return { status: statusCode, headers, body: body === '' ? undefined : JSON.parse(body) }
}

const attempts = 4

/**
 * Keys are promised to be known for 24 hours, and are for 48; clocks of instances differ. Later, a careful client knows
 * that the same key would make a second order, and does not ask.
 */
const keyKnownMs = 47.9 * 60 * 60_000

/** @returns whether a request's key, if it has one, is surely known yet */
const createKeyAges = (run: RunContext): ((endpoint: string, request: Request) => boolean) => {
  const firstUsedAtMs = new Map<string, number>()
  return (endpoint, { caller, params, headers }) => {
    const key = headers?.['idempotency-key']
    if (key === undefined) return true
    const name = JSON.stringify([endpoint, caller?.sub, params, key])
    const sinceMs = firstUsedAtMs.get(name) ?? run.nowMs
    firstUsedAtMs.set(name, sinceMs)
    return run.nowMs - sinceMs < keyKnownMs
  }
}

export const createHttp = (run: RunContext, invoke: InvokeFunction): Http => {
  const send = (endpoint: string, name: string, request: Request): Promise<Answer | undefined> => {
    const entry = endpoints.get(endpoint)
    if (!entry) throw new Error(`there is no endpoint ${endpoint}`)
    run.tell(() => `${name} asks ${endpoint}`)
    return new Promise((resolve) => {
      run.at(latencyMs(run, `request ${name}`), () =>
        invoke(endpoint, `${endpoint} for ${name}`, eventOf(entry, request), (outcome) => {
          const answer = outcome.ok ? answerOf(outcome.value) : undefined
          run.tell(
            () =>
              `${name} is told ${answer ? `${answer.status} ${answer.body?.code ?? answer.body?.status ?? ''}` : 'nothing'}`,
          )
          // Whatever fails, an answer says that it may be asked again (503), or what is wrong; 500 is a mistake of ours.
          if (answer?.status === 500) run.violate('H1', `${name} was told 500 at ${endpoint}`)
          // Nobody here asks wrongly: the contract has changed, and what this person does is tried by no run any more.
          if (answer?.status === 400)
            run.violate('simulation', `${name} asked ${endpoint} wrongly: ${JSON.stringify(answer.body)}`)
          resolve(answer)
        }),
      )
    })
  }

  const isKnownYet = createKeyAges(run)
  const once: Http['once'] = async (endpoint, name, request) => {
    if (!isKnownYet(endpoint, request)) return undefined
    if (run.fault('request-lost', name)) return undefined
    if (run.fault('asked-twice', name)) void send(endpoint, `${name} (twin)`, request)
    const answer = await send(endpoint, name, request)
    return run.fault('answer-lost', `answer to ${name}`) ? undefined : answer
  }

  return {
    once,
    async ask(endpoint, name, request) {
      for (let attempt = 1; attempt <= attempts; attempt += 1) {
        const answer = await once(endpoint, `${name} ${attempt}`, request)
        const isFinal = answer && answer.status < 500 && answer.body?.code !== 'IN_FLIGHT'
        if (isFinal) return answer
        if (run.fault('client-gives-up', `${name} ${attempt}`)) return undefined
        const pause = run.fault('late', `${name} ${attempt}`) ? run.pick(`pause ${name} ${attempt}`, longDelaysMs) : 300
        await run.sleep(pause)
      }
      return undefined
    },
  }
}
