import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { after, describe, test } from 'node:test'
import { answerLine, openShopApi } from '../../cdk/operate/command-line/shop-api.ts'

let answer: (request: IncomingMessage, response: ServerResponse) => void = (_, response) => response.end()
const server = createServer((request, response) => answer(request, response))
let connections = 0
server.on('connection', () => {
  connections += 1
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const { port } = server.address() as AddressInfo
const api = openShopApi(`http://127.0.0.1:${port}/v1/`)
after(() => {
  api.close()
  server.close()
})

/** Answers with these statuses, one after another; gives back what was asked. */
const answerWith = (...statuses: (number | [number, Record<string, string>])[]) => {
  const asked: { method?: string; url?: string; headers: IncomingMessage['headers']; body: string }[] = []
  answer = (request, response) => {
    const next = statuses[Math.min(asked.length, statuses.length - 1)] ?? 200
    const [status, headers] = Array.isArray(next) ? next : [next, {}]
    const { method, url } = request
    const entry = { ...(method && { method }), ...(url && { url }), headers: request.headers, body: '' }
    asked.push(entry)
    text(request).then(
      (body) => {
        entry.body = body
        response.writeHead(status, headers).end('{"code":"BUSY","detail":"come back"}')
      },
      () => response.destroy(),
    )
  }
  return asked
}

describe('the API as tools see it', () => {
  test('finds names under .localhost on this machine', async () => {
    const asked = answerWith(200)
    const named = openShopApi(`http://abc.execute-api.localhost:${port}`)
    assert.equal((await named.request('GET', '/products').finally(named.close)).status, 200)
    assert.equal(asked[0]?.headers.host, `abc.execute-api.localhost:${port}`)
  })

  test('sends token, key, preference and body as the contract asks', async () => {
    const asked = answerWith(201)
    const { status, body } = await api.request('POST', '/orders', {
      token: 't',
      key: 'k',
      waitSeconds: 5,
      body: { a: 'ü' },
    })
    assert.equal(status, 201)
    assert.deepEqual(body, { code: 'BUSY', detail: 'come back' })
    const [{ method, url, headers, body: sent } = { headers: {}, body: '' }] = asked
    assert.deepEqual({ method, url, sent }, { method: 'POST', url: '/v1/orders', sent: '{"a":"ü"}' })
    assert.deepEqual(
      {
        authorization: headers.authorization,
        idempotencyKey: headers['idempotency-key'],
        prefer: headers.prefer,
        contentType: headers['content-type'],
      },
      { authorization: 'Bearer t', idempotencyKey: 'k', prefer: 'wait=5', contentType: 'application/json' },
    )
  })

  test('keeps its connection', async () => {
    answerWith(200)
    await api.request('GET', '/a')
    const before = connections
    await api.request('GET', '/b')
    await api.request('GET', '/c')
    assert.equal(connections, before)
  })

  test('asks a busy shop again where that is safe', async () => {
    const later = { 'retry-after': '0.01' }
    const asked = answerWith([503, later], [429, later], [409, later], 200)
    assert.equal((await api.request('POST', '/orders', { key: 'k' })).status, 200)
    assert.equal(asked.length, 4)
    assert.deepEqual(new Set(asked.map(({ headers }) => headers['idempotency-key'])), new Set(['k']))
  })

  test('asks once where it is not, or where the answer is final', async () => {
    const asked = answerWith([503, { 'retry-after': '0.01' }])
    assert.equal((await api.request('POST', '/orders')).status, 503)
    assert.equal(asked.length, 1)
    const final = answerWith(409)
    assert.equal((await api.request('POST', '/orders', { key: 'k' })).status, 409)
    assert.equal(final.length, 1)
  })

  test('hands over what is no JSON as text, and nothing as undefined', async () => {
    answer = (_, response) => response.writeHead(502).end('<h1>Bad gateway</h1>')
    assert.equal((await api.request('GET', '/a')).body, '<h1>Bad gateway</h1>')
    answer = (_, response) => response.writeHead(204).end()
    assert.equal((await api.request('GET', '/a')).body, undefined)
  })

  test('says which request failed when there is no answer', async () => {
    answer = (request) => request.destroy()
    await assert.rejects(api.request('GET', '/gone'), /GET \/gone: /)
  })

  test('tells a wrong answer in one line', () => {
    const body = { code: 'NOT_FOUND', detail: 'There is no such cart.' }
    assert.equal(
      answerLine('GET', '/carts/1', { status: 404, headers: {}, body }),
      'GET /carts/1 answered 404 NOT_FOUND: There is no such cart.',
    )
    assert.equal(answerLine('GET', '/', { status: 502, headers: {}, body: 'x' }), 'GET / answered 502')
  })
})
