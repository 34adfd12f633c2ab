/**
 * The whole shop over HTTP, and nothing else: at SHOP_URL, or, without it, a local one. Staff log in as SHOP_STAFF_EMAIL
 * and SHOP_STAFF_PASSWORD, or as the local shop's staff.
 */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Clock, type Cloud, startCloud } from '../../cdk/local/cloud.ts'
import { type InstanceLimits, instanceBytes } from '../../cdk/local/lambda/warm.ts'
import { prepareAssembly } from '../../cdk/operate/start/prepare.ts'
import { ensureStaff, localStaff } from '../../cdk/operate/start/staff.ts'
import { stageNamed } from '../../cdk/stages.ts'
import { type Arguments, openShop as openClient, type ShopClient, type ShopRoutes } from '../../functions/client.ts'
import { type Answer, answerOf, WrongAnswer } from './answer.ts'
import { noteCloud } from './grants.ts'
import { tellFailedMessages } from './logs.ts'

type Route = keyof ShopRoutes

type Heard = { headers: Headers }

export type ShopAnswer<R extends Route> = Answer<ShopRoutes[R]> & Heard

/** What no contract describes is answered: text, or a problem document with any code. */
type Undeclared = { success: { contentType: string }; problems: Record<string, number> }

export type RawAnswer = Answer<Undeclared> & Heard

export type RawRequest = {
  token?: string | undefined
  /** An object is sent as JSON, a string as it stands. */
  body?: unknown
  headers?: Record<string, string>
}

export type Shop = {
  url: string
  client: ShopClient
  /** Asks by the typed client. */
  request<R extends Route>(route: R, ...request: Arguments<ShopRoutes[R]>): Promise<ShopAnswer<R>>
  /** Sends what the typed client would not: wrong bodies, headers, methods and paths; once. */
  raw(method: string, path: string, request?: RawRequest): Promise<RawAnswer>
  stop(): Promise<void>
}

/** A shop of this machine: the cloud under it can be looked into. */
export type LocalShop = Shop & { cloud: Cloud }

/**
 * Tests call all functions by turns: to start them again and again would cost more than their memory, of which they may have a
 * quarter. None ends for having waited, and a busy machine does not start many where a few will soon be free.
 */
export const testInstances: Partial<InstanceLimits> = {
  warm: Math.min(300, Math.floor(totalmem() / 4 / instanceBytes)),
  idleMs: Number.POSITIVE_INFINITY,
  perFunction: 3,
  waitMs: 500,
}

/** How many functions of a shop may run at once, where a run of tests limits them. */
export const concurrencyVariable = 'SHOP_CONCURRENCY'

/** A shop in a temporary folder. */
export const startLocal = async (clock?: Clock): Promise<{ cloud: Cloud; stop: () => Promise<void> }> => {
  const stateDirectory = mkdtempSync(join(tmpdir(), 'shop-test-'))
  const { [concurrencyVariable]: concurrency } = process.env
  const cloud = await startCloud({
    assembly: await prepareAssembly(),
    stateDirectory,
    port: 0,
    instances: { ...testInstances, ...(concurrency && { concurrency: Number(concurrency) }) },
    ...(clock && { clock }),
  })
  await ensureStaff(cloud, stageNamed('dev').prefix)
  return {
    cloud,
    stop: async () => {
      noteCloud(cloud)
      tellFailedMessages(cloud)
      await cloud.stop()
      rmSync(stateDirectory, { recursive: true, force: true })
    },
  }
}

/**
 * How often a busy shop is asked again, a second later each time: longer than one of its functions calls another no more
 * once calls have failed (30 s).
 */
const patience = 90

/** A request that can be sent again without doing anything twice. */
const isRepeatable = ({ method, headers }: RequestInit): boolean =>
  method !== 'POST' || new Headers(headers).has('idempotency-key')

/** As every client should: where the shop says that it cannot at the moment (503), it is asked again. */
export const patientFetch: typeof fetch = async (input, init = {}) => {
  for (let attempt = 1; ; attempt += 1) {
    const response = await fetch(input, init)
    if (response.status !== 503 || attempt === patience || !isRepeatable(init)) return response
    await sleep(1_000)
  }
}

/** Names the shop that `npm test` starts once for all tests that need none of their own. */
export const sharedShopVariable = 'SHOP_SHARED_URL'
/** Where the AWS APIs of its cloud answer. */
export const sharedAwsVariable = 'SHOP_SHARED_AWS'

const shopAt = (address: string, stop: Shop['stop'] = async () => undefined): Shop => {
  const url = address.replace(/\/+$/, '')
  const client = openClient({ url, fetch: patientFetch })
  return {
    url,
    client,
    async request(route, ...parts) {
      const answer = await client.request(route, ...parts)
      const { status, headers } = answer
      return answerOf(route, status, answer.ok ? answer.body : answer.problem, { headers })
    },
    async raw(method, path, { token, body, headers = {} } = {}) {
      const text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body)
      const response = await patientFetch(url + path, {
        method,
        headers: {
          ...(token ? { authorization: `Bearer ${token}` } : {}),
          ...(text === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(text === undefined ? {} : { body: text }),
      })
      const said = await response.text()
      const isProblem = !response.ok && said !== '' && /\bjson\b/.test(response.headers.get('content-type') ?? '')
      return answerOf<Undeclared, Heard>(`${method} ${path}`, response.status, isProblem ? JSON.parse(said) : said, {
        headers: response.headers,
      })
    },
    stop,
  }
}

/** A shop on this machine, whatever SHOP_URL says: for what no client can see. */
export const openLocalShop = async (clock?: Clock): Promise<LocalShop> => {
  const { cloud, stop } = await startLocal(clock)
  return { ...shopAt(cloud.url, stop), cloud }
}

/** Whether the shop under test is one that this machine's cloud does not run. */
export const isElsewhere = process.env.SHOP_URL !== undefined

/** Where the AWS APIs under a shop of this machine answer, to whoever may do everything; undefined for a shop elsewhere. */
export const awsEndpointUnder = (shop: Shop | LocalShop): string | undefined => {
  if ('cloud' in shop) return shop.cloud.awsEndpoint
  return isElsewhere ? undefined : process.env[sharedAwsVariable]
}

/** A shop that other tests may use at the same time. */
export const openShop = async (): Promise<Shop> => {
  const address = process.env.SHOP_URL ?? process.env[sharedShopVariable]
  return address ? shopAt(address) : openLocalShop()
}

export const staffToken = async (shop: Shop): Promise<string> => {
  const { SHOP_STAFF_EMAIL: email = localStaff.email, SHOP_STAFF_PASSWORD: password = localStaff.password } =
    process.env
  const { body } = await shop.request('POST /auth/login', { body: { email, password } })
  return body.tokens.accessToken
}

export const guestToken = async (shop: Shop): Promise<string> =>
  (await shop.request('POST /auth/guest')).body.tokens.accessToken

export const customer = async (
  shop: Shop,
): Promise<{ token: string; email: string; password: string; refreshToken: string; id: string }> => {
  const email = `shopper-${randomUUID()}@example.com`
  const password = `pass phrase ${randomUUID()}`
  const { body } = await shop.request('POST /auth/register', { body: { email, password } })
  return { token: body.tokens.accessToken, refreshToken: body.tokens.refreshToken, id: body.user.id, email, password }
}

/** Milliseconds for all work to be done: a message that failed once on a busy machine comes again within two minutes. */
export const idlePatienceMs = 300_000

/**
 * Asks until `isRight`: what happens by events happens soon, and after a failure when the message comes again, in 2 min.
 * An answer of the other kind than `isRight` looks at is not right.
 */
export const eventually = async <A extends { status: number }>(
  ask: () => Promise<A>,
  isRight: (answer: A) => boolean,
  everyMs = 50,
): Promise<A> => {
  const until = Date.now() + 180_000
  for (;;) {
    const answer = await ask()
    try {
      if (isRight(answer)) return answer
      if (Date.now() > until)
        throw new Error(`still not so after 180 s: ${answer.status} ${JSON.stringify(answer).slice(0, 800)}`)
    } catch (error) {
      if (!(error instanceof WrongAnswer) || Date.now() > until) throw error
    }
    await sleep(everyMs)
  }
}
