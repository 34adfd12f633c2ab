/** The typed client, against answers as the shop and its gateway give them. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  openShop,
  type ProblemOf,
  ShopProblem,
  type ShopRoutes,
  ShopUnreachable,
  type Tokens,
} from '../../../functions/client.ts'
import { provider as sandbox } from '../../../functions/payments/providers/sandbox/provider.ts'
import { provider as stripe } from '../../../functions/payments/providers/stripe/provider.ts'

type Sent = { url: string; method: string; headers: Headers; body: unknown }

type Reply = { status?: number; headers?: Record<string, string>; json?: unknown; text?: string } | Error

/** A shop that gives these answers, one after the other. */
const shopOf = (replies: readonly Reply[], tokens?: Tokens) => {
  const sent: Sent[] = []
  const pauses: number[] = []
  let held = tokens
  const left = [...replies]
  const client = openShop({
    url: 'https://api.example.com/v1/',
    tokens: {
      read: () => held,
      write: (next) => {
        held = next
      },
    },
    fetch: async (input, init = {}) => {
      const { body, method = '' } = init
      sent.push({
        url: String(input),
        method,
        headers: new Headers(init.headers),
        body: typeof body === 'string' ? JSON.parse(body) : undefined,
      })
      const reply = left.shift()
      if (reply === undefined) throw new Error('the test expected no further request')
      if (reply instanceof Error) throw reply
      const { status = 200, headers = {}, json, text } = reply
      const content = json === undefined ? text : JSON.stringify(json)
      const type = json === undefined ? 'text/plain' : 'application/json'
      return new Response(content ?? null, { status, headers: { 'content-type': type, ...headers } })
    },
    sleep: async (milliseconds) => {
      pauses.push(milliseconds)
    },
  })
  return { client, sent, pauses, tokens: () => held }
}

const productId = 'prd_01K00000000000000000000001'
const problem = (status: number, code: string) => ({
  status,
  json: { type: 'urn:shop:problem', title: code, status, detail: 'As said.', instance: '/', code, trace_id: 't' },
})

describe('a request', () => {
  test('fills path and query, repeats a list, and leaves out what is not given', async () => {
    const page = { data: [], next_cursor: null }
    const { client, sent } = shopOf([{ json: {} }, { json: page }, { json: page }])
    await client.request('GET /products/{idOrSlug}', { params: { idOrSlug: 'café/№ 1' } })
    await client.request('GET /products', { query: { q: 'a&b', category: undefined } })
    await client.request('GET /products', { query: { option: ['size:L', 'size:M'] } })
    assert.equal(sent[0]?.url, 'https://api.example.com/v1/products/caf%C3%A9%2F%E2%84%96%201')
    assert.equal(sent[0]?.method, 'GET')
    assert.equal(sent[1]?.url, 'https://api.example.com/v1/products?q=a%26b')
    assert.equal(sent[2]?.url, 'https://api.example.com/v1/products?option=size%3AL&option=size%3AM')
  })

  test('carries the token, what it is for, and how long it may wait', async () => {
    const { client, sent } = shopOf([{ status: 202, json: {} }], { accessToken: 'a', refreshToken: 'r' })
    await client.request('POST /carts', { ifMatch: '"3"', waitSeconds: 5, key: 'mine' })
    const headers = sent[0]?.headers
    assert.equal(headers?.get('authorization'), 'Bearer a')
    assert.equal(headers?.get('idempotency-key'), 'mine')
    assert.equal(headers?.get('if-match'), '"3"')
    assert.equal(headers?.get('prefer'), 'wait=5')
    assert.equal(headers?.get('content-type'), null)
  })

  test('makes a key for every POST, and none for what repeats by itself', async () => {
    const { client, sent } = shopOf([{ json: {} }, { json: {} }, { json: {} }])
    await client.request('POST /auth/guest')
    await client.request('POST /auth/guest')
    await client.request('GET /categories')
    const keys = sent.map(({ headers }) => headers.get('idempotency-key'))
    assert.match(keys[0] ?? '', /^[0-9a-f-]{36}$/)
    assert.notEqual(keys[0], keys[1])
    assert.equal(keys[2], null)
  })

  test('confirms a payment with what the provider of the shop takes', async () => {
    const { client, sent } = shopOf([{ json: {} }, { json: {} }])
    const params = { orderId: 'ord_01K00000000000000000000001' }
    await client.request('POST /orders/{orderId}/payment/confirm', { params, body: { outcome: 'success' } })
    await client.request('POST /orders/{orderId}/payment/confirm', { params, body: {} })
    assert.deepEqual(
      sent.map(({ body }) => sandbox.confirmation.safeParse(body).success),
      [true, false],
    )
    assert.deepEqual(
      sent.map(({ body }) => stripe.confirmation.safeParse(body).success),
      [false, true],
    )
  })

  test('that the shop is too busy for is sent again as it was, after the pause that it asks for', async () => {
    const soon = new Date(Date.now() + 3_600_000).toUTCString()
    const { client, sent, pauses } = shopOf([
      { ...problem(503, 'UNAVAILABLE'), headers: { 'retry-after': '7' } },
      { ...problem(429, 'TOO_MANY_REQUESTS') },
      { ...problem(409, 'IN_FLIGHT'), headers: { 'retry-after': soon } },
      { status: 201, json: {} },
    ])
    const answer = await client.request('POST /carts')
    assert.equal(answer.status, 201)
    assert.deepEqual(pauses, [7_000, 1_000, 30_000])
    assert.equal(new Set(sent.map(({ headers }) => headers.get('idempotency-key'))).size, 1)
  })

  test('is given up after five, with the problem', async () => {
    const { client, sent } = shopOf(Array.from({ length: 9 }, () => problem(503, 'UNAVAILABLE')))
    const answer = await client.request('GET /categories')
    assert.equal(sent.length, 5)
    assert.equal(answer.ok, false)
  })

  test('without an answer is not repeated by itself, and says the key to repeat it with', async () => {
    const { client, sent } = shopOf([new TypeError('fetch failed')])
    await assert.rejects(client.request('POST /carts', { key: 'mine' }), (error) => {
      assert.ok(error instanceof ShopUnreachable)
      assert.equal(error.key, 'mine')
      return true
    })
    assert.equal(sent.length, 1)
  })
})

describe('a problem', () => {
  test('is told by its code, and thrown where success is expected', async () => {
    const { client } = shopOf([problem(404, 'NOT_FOUND'), problem(404, 'NOT_FOUND')])
    const answer = await client.request('GET /products/{idOrSlug}', { params: { idOrSlug: productId } })
    assert.ok(!answer.ok)
    assert.equal(answer.problem.code, 'NOT_FOUND')
    await assert.rejects(client.expect('GET /products/{idOrSlug}', { params: { idOrSlug: productId } }), (error) => {
      assert.ok(error instanceof ShopProblem)
      assert.equal(error.code, 'NOT_FOUND')
      assert.equal(error.message, 'GET /products/{idOrSlug} answered 404 NOT_FOUND: As said.')
      return true
    })
  })

  test('in the words of the gateway, or of something before it, is one like any other', async () => {
    const { client } = shopOf([
      { status: 401, json: { message: 'Unauthorized' } },
      { status: 502, text: '<html>Bad Gateway</html>' },
    ])
    const refused = await client.request('GET /me')
    assert.ok(!refused.ok)
    assert.equal(refused.problem.code, 'UNAUTHORIZED')
    assert.equal(refused.problem.detail, 'Unauthorized')
    const broken = await client.request('GET /categories')
    assert.ok(!broken.ok)
    assert.equal(broken.problem.code, 'INTERNAL')
  })

  test('has the codes of its endpoint as a type', () => {
    const words = (found: ProblemOf<ShopRoutes['POST /orders']>): string => {
      switch (found.code) {
        case 'CART_EMPTY':
          return 'put something in first'
        default:
          return found.detail
      }
    }
    const some = { type: '', title: '', status: 409, detail: 'd', instance: '', trace_id: '' }
    assert.equal(words({ ...some, code: 'CART_EMPTY' }), 'put something in first')
  })
})

describe('an expired token', () => {
  const tokens = { accessToken: 'old', refreshToken: 'r1' }
  const expired = { status: 401, json: { message: 'Unauthorized' } }

  test('is renewed once for all who find it so, and their requests are sent again', async () => {
    const fresh = { accessToken: 'new', refreshToken: 'r2', tokenType: 'Bearer', expiresIn: 900 }
    const {
      client,
      sent,
      tokens: held,
    } = shopOf([expired, expired, { json: { tokens: fresh } }, { json: {} }, { json: {} }], tokens)
    const answers = await Promise.all([client.request('GET /me'), client.request('GET /me/addresses')])
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200],
    )
    assert.deepEqual(sent[2]?.body, { refreshToken: 'r1' })
    assert.equal(sent.filter(({ url }) => url.endsWith('/auth/refresh')).length, 1)
    assert.equal(sent.at(-1)?.headers.get('authorization'), 'Bearer new')
    assert.equal(held()?.refreshToken, 'r2')
  })

  test('of a session that has ended leaves no tokens, and the problem', async () => {
    const { client, tokens: held } = shopOf([expired, problem(401, 'SESSION_ENDED')], tokens)
    const answer = await client.request('GET /me')
    assert.equal(answer.status, 401)
    assert.equal(held(), undefined)
  })
})

test('what a route lists comes page after page', async () => {
  const page = (listed: string[], next: string | null) => ({
    json: { data: listed.map((id) => ({ id })), next_cursor: next },
  })
  const { client, sent } = shopOf([page(['a', 'b'], 'c=1'), page([], 'c=2'), page(['c'], null)])
  const ids: string[] = []
  for await (const { id } of client.items('GET /orders', { query: { limit: '2' } })) ids.push(id)
  assert.deepEqual(ids, ['a', 'b', 'c'])
  assert.deepEqual(
    sent.map(({ url }) => new URL(url).search),
    ['?limit=2', '?limit=2&cursor=c%3D1', '?limit=2&cursor=c%3D2'],
  )
})
