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
import { noteCloud } from './grants.ts'
import { tellFailedMessages } from './logs.ts'
import type { Json } from './service.ts'

export type Answer = { status: number; headers: Headers; body: Json }

export type ShopRequest = {
  token?: string | undefined
  /** An object is sent as JSON, a string as it stands. */
  body?: unknown
  headers?: Record<string, string>
}

export type Shop = {
  url: string
  request(method: string, path: string, request?: ShopRequest): Promise<Answer>
  stop(): Promise<void>
}

/** A shop of this machine: the cloud under it can be looked into. */
export type LocalShop = Shop & { cloud: Cloud }

/**
 * Tests call all functions by turns: to start them again and again would cost more than their memory, of which they may have a
 * quarter. None ends for having waited, and a busy machine does not start many where a few will soon be free.
 */
export const testInstances: Partial<InstanceLimits> = {
  warm: Math.min(200, Math.floor(totalmem() / 4 / instanceBytes)),
  idleMs: Number.POSITIVE_INFINITY,
  perFunction: 4,
  waitMs: 250,
}

/** A shop in a temporary folder. */
export const startLocal = async (clock?: Clock): Promise<{ cloud: Cloud; stop: () => Promise<void> }> => {
  const stateDirectory = mkdtempSync(join(tmpdir(), 'shop-test-'))
  const cloud = await startCloud({
    assembly: await prepareAssembly(),
    stateDirectory,
    port: 0,
    instances: testInstances,
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

/** Told twice, these are done once: a new token for a guest binds nobody, and what is cancelled already stays so. */
const actions = /^\/auth\/(guest|login|logout)$|\/(cancel|deliver|dispatch|hide|receive|report|unhide)$/

/** A request that can be sent again without doing anything twice. */
const isRepeatable = (method: string, path: string, headers: Record<string, string> = {}): boolean =>
  method !== 'POST' || actions.test(path) || 'idempotency-key' in headers

const once = async (url: string, method: string, { token, body, headers }: ShopRequest): Promise<Answer> => {
  const text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body)
  const response = await fetch(url, {
    method,
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(text === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(text === undefined ? {} : { body: text }),
  })
  const answer = await response.text()
  // An answer without content (204) may come with any type: gateways differ.
  const isJson = answer !== '' && /\bjson\b/.test(response.headers.get('content-type') ?? '')
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(answer) : answer }
}

/** Names the shop that `npm test` starts once for all tests that need none of their own. */
export const sharedShopVariable = 'SHOP_SHARED_URL'
/** Where the AWS APIs of its cloud answer. */
export const sharedAwsVariable = 'SHOP_SHARED_AWS'

const shopAt = (address: string, stop: Shop['stop'] = async () => undefined): Shop => {
  const url = address.replace(/\/+$/, '')
  return {
    url,
    /** As every client should: where the shop says that it cannot at the moment (503), it is asked again. */
    async request(method, path, request = {}) {
      for (let attempt = 1; ; attempt += 1) {
        const answer = await once(url + path, method, request)
        if (answer.status !== 503 || attempt === patience || !isRepeatable(method, path, request.headers)) return answer
        await sleep(1_000)
      }
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
  const { body } = await shop.request('POST', '/auth/login', { body: { email, password } })
  return body.tokens.accessToken
}

export const guestToken = async (shop: Shop): Promise<string> => {
  const { body } = await shop.request('POST', '/auth/guest')
  return body.tokens.accessToken
}

export const customer = async (
  shop: Shop,
): Promise<{ token: string; email: string; password: string; refreshToken: string; id: string }> => {
  const email = `shopper-${randomUUID()}@example.com`
  const password = `pass phrase ${randomUUID()}`
  const { body } = await shop.request('POST', '/auth/register', { body: { email, password } })
  return { token: body.tokens.accessToken, refreshToken: body.tokens.refreshToken, id: body.user.id, email, password }
}

/** Milliseconds for all work to be done: a message that failed once on a busy machine comes again within two minutes. */
export const idlePatienceMs = 300_000

/** Asks until `isRight`: what happens by events happens soon, and after a failure when the message comes again, in 2 min. */
export const eventually = async (
  ask: () => Promise<Answer>,
  isRight: (answer: Answer) => boolean,
  everyMs = 50,
): Promise<Answer> => {
  const until = Date.now() + 180_000
  for (;;) {
    const answer = await ask()
    if (isRight(answer)) return answer
    if (Date.now() > until)
      throw new Error(`still not so after 180 s: ${answer.status} ${JSON.stringify(answer.body).slice(0, 800)}`)
    await sleep(everyMs)
  }
}

/** A new product with one variant and so much stock. @returns its SKU and id */
export const productWithStock = async (shop: Shop, staff: string, quantity: number, amount = 1000) => {
  const sku = `T-${randomUUID()}`
  const made = await shop.request('POST', '/products', {
    token: staff,
    headers: { 'idempotency-key': randomUUID() },
    body: {
      title: `Test ${sku}`,
      category: 'tests',
      variants: [{ sku, price: { amount, currency: 'EUR' }, weightGrams: 400 }],
    },
  })
  if (made.status !== 201) throw new Error(`no product: ${JSON.stringify(made.body)}`)
  if (quantity > 0)
    await shop.request('POST', `/stock/${sku}/receipts`, {
      token: staff,
      headers: { 'idempotency-key': randomUUID() },
      body: { quantity },
    })
  return { sku, id: String(made.body.id), slug: String(made.body.slug) }
}

export const address = {
  name: 'Ada Lovelace',
  line1: '12 Dock Road',
  city: 'Berlin',
  postalCode: '10115',
  country: 'DE',
}

/** A cart with these lines. */
export const cartWith = async (shop: Shop, token: string, lines: Record<string, number>): Promise<string> => {
  const { body } = await shop.request('POST', '/carts', { token, headers: { 'idempotency-key': randomUUID() } })
  for (const [sku, quantity] of Object.entries(lines)) {
    const set = await shop.request('PUT', `/carts/${body.id}/items/${sku}`, { token, body: { quantity } })
    if (set.status !== 200) throw new Error(`no line: ${JSON.stringify(set.body)}`)
  }
  return body.id
}

export type OrderOptions = { method?: string; key?: string; waitSeconds?: number; country?: string }

const postOrder = (shop: Shop, token: string, cartId: string, options: OrderOptions = {}): Promise<Answer> =>
  shop.request('POST', '/orders', {
    token,
    headers: { 'idempotency-key': options.key ?? randomUUID(), prefer: `wait=${options.waitSeconds ?? 15}` },
    body: {
      cartId,
      email: 'ada@example.com',
      shippingAddress: { ...address, country: options.country ?? 'DE' },
      shippingMethod: 'standard',
      payment: { method: options.method ?? 'sandbox_ok' },
    },
  })

/** Places an order and waits until it is decided, unless told how long to wait. */
export const placeOrder = async (
  shop: Shop,
  token: string,
  cartId: string,
  options: OrderOptions = {},
): Promise<Answer> => {
  const answer = await postOrder(shop, token, cartId, options)
  const isUndecided = ({ body }: Answer) => body.status === 'placed' || body.status === 'awaiting-payment'
  if (answer.status !== 202 || options.waitSeconds !== undefined || !isUndecided(answer)) return answer
  const read = () => shop.request('GET', `/orders/${answer.body.id}`, { token })
  const { body } = await eventually(read, (latest) => !isUndecided(latest))
  return { ...answer, body }
}
