/** What the gateway hands to functions and answers, with a whole cloud behind it. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type Cloud, startCloud } from '../../../cdk/local/cloud.ts'
import { synthesise } from '../fixtures/app.ts'
import { temporaryFolder } from '../fixtures/setting.ts'

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

const get = (path: string, headers: { [name: string]: string } = {}) => fetch(cloud.url + path, { headers })

describe('HTTP API', () => {
  test('the event has payload format 2.0', async () => {
    const response = await fetch(`${cloud.url}/things/a%20b%2Bc?x=1&x=2&y=%20z&__proto__=p&constructor=c`, {
      method: 'POST',
      headers: { cookie: 'a=1; b=2', 'content-type': 'application/json', 'X-Own': 'Text' },
      body: '{"a":1}',
    })
    assert.equal(response.status, 200)
    assert.equal(response.headers.get('content-type'), 'application/json')
    const event = JSON.parse(await response.text())
    assert.equal(event.version, '2.0')
    assert.equal(event.routeKey, 'ANY /things/{id}')
    assert.equal(event.rawPath, '/things/a b+c')
    assert.equal(event.rawQueryString, 'x=1&x=2&y=%20z&__proto__=p&constructor=c')
    assert.deepEqual(Object.entries(event.queryStringParameters), [
      ['x', '1,2'],
      ['y', ' z'],
      ['__proto__', 'p'],
      ['constructor', 'c'],
    ])
    assert.deepEqual(event.pathParameters, { id: 'a b+c' })
    assert.deepEqual(event.cookies, ['a=1', 'b=2'])
    assert.equal(event.headers['x-own'], 'Text')
    assert.equal(event.headers.cookie, undefined)
    assert.equal(event.body, '{"a":1}')
    assert.equal(event.isBase64Encoded, false)
    assert.equal(event.requestContext.http.method, 'POST')
    assert.equal(event.requestContext.stage, '$default')
    assert.equal(event.requestContext.authorizer, undefined)
  })

  test('a body that is no text comes in Base64', async () => {
    const response = await fetch(`${cloud.url}/things/1`, {
      method: 'PUT',
      body: new Uint8Array([0, 255]),
      headers: { 'content-type': 'image/png' },
    })
    const event = JSON.parse(await response.text())
    assert.deepEqual(
      { body: event.body, isBase64Encoded: event.isBase64Encoded },
      { body: 'AP8=', isBase64Encoded: true },
    )
  })

  test('an answer keeps its status, headers, cookies and bytes', async () => {
    const response = await get('/answers/full')
    assert.equal(response.status, 201)
    assert.equal(response.headers.get('x-made'), 'yes')
    assert.deepEqual(response.headers.getSetCookie(), ['a=1', 'b=2'])
    assert.deepEqual(Buffer.from(await response.arrayBuffer()), Buffer.from([0, 1, 2]))
  })

  test('answers of the gateway itself', async () => {
    const cases: [string, number, string][] = [
      ['/nowhere', 404, 'Not Found'],
      ['/answers/broken', 500, 'Internal Server Error'],
      ['/answers/throws', 500, 'Internal Server Error'],
      ['/not-permitted', 500, 'Internal Server Error'],
      ['/things/%ff', 400, 'Bad Request'],
    ]
    for (const [path, status, message] of cases) {
      const response = await get(path)
      assert.deepEqual(
        { path, status: response.status, text: await response.text() },
        { path, status, text: JSON.stringify({ message }) },
      )
    }
    const large = await fetch(`${cloud.url}/things/1`, { method: 'POST', body: 'x'.repeat(10 * 1024 * 1024 + 1) })
    assert.equal(large.status, 413)
  })

  test('CORS: preflight needs no route, other answers carry the headers', async () => {
    const headers = { origin: 'http://localhost:3000', 'access-control-request-method': 'POST' }
    const preflight = await fetch(`${cloud.url}/anywhere`, { method: 'OPTIONS', headers })
    assert.equal(preflight.status, 204)
    assert.equal(preflight.headers.get('access-control-allow-origin'), 'http://localhost:3000')
    assert.equal(preflight.headers.get('access-control-max-age'), '3600')
    const response = await get('/nowhere', { origin: 'http://localhost:3000' })
    assert.equal(response.headers.get('access-control-expose-headers'), 'etag')
    const stranger = await get('/nowhere', { origin: 'http://elsewhere' })
    assert.equal(stranger.headers.get('access-control-allow-origin'), null)
  })
})
