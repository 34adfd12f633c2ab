import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { docs } from '../../../functions/docs/contract.ts'
import { figures, sabotagesFound } from '../../../functions/docs/page/figures.ts'
import { services } from '../../../functions/services.ts'
import { startService, type TestQuery } from '../../support/service.ts'
import { sabotages } from '../../tools/simulation/sabotages/sabotages.ts'

const service = await startService(docs, {}, { API_URL: 'https://api.example' })
after(() => service.stop())

for (const [name, key] of [
  ['docs', 'docs'],
  ['home', 'home'],
] as const)
  describe(name, () => {
    test('is a page that asks nobody else for anything', async () => {
      const { status, headers, body } = await service.request(key)
      assert.equal(status, 200)
      assert.equal(headers['content-type'], 'text/html; charset=utf-8')
      assert.match(headers['content-security-policy'] ?? '', /default-src 'none'/)
      assert.equal(headers['x-content-type-options'], 'nosniff')
      const outside = [...String(body).matchAll(/(?:src|href)="(https?:[^"]*)"/g)]
      assert.deepEqual(outside, [])
    })

    test('shows every endpoint and every event', async () => {
      const { body } = await service.request(key)
      for (const { endpoints, events } of services) {
        for (const [id, { method }] of Object.entries(endpoints))
          if (method !== 'ANY') assert.ok(body.includes(`id="${id}"`), id)
        for (const { type } of Object.values(events ?? {})) assert.ok(body.includes(`id="event-${type}"`), type)
      }
    })
  })

describe('guarantees', () => {
  test('says every invariant, what was found, and every deliberate bug; and asks nobody else for anything', async () => {
    const { status, headers, body } = await service.request('guarantees')
    assert.equal(status, 200)
    assert.match(headers['content-security-policy'] ?? '', /default-src 'none'/)
    assert.deepEqual([...String(body).matchAll(/(?:src|href)="(https?:[^"]*)"/g)], [])
    for (const { name } of sabotages) assert.ok(body.includes(`<td>${name}</td>`), name)
    for (const name of ['S1', 'M3', 'O4', 'E2', 'R1', 'F1', 'P1', 'Q1'])
      assert.ok(body.includes(`<td>${name}</td>`), name)
  })

  test('its figures are those of a machine that holds, and sees', () => {
    assert.ok(figures.model.runs >= 20_000 && figures.engine.runs >= 200)
    assert.deepEqual(
      { modelBroken: figures.model.broken, engineBroken: figures.engine.broken },
      { modelBroken: 0, engineBroken: 0 },
    )
    assert.equal(figures.model.sitesCrashed, figures.model.sites)
    assert.deepEqual(
      sabotagesFound.map(([name]) => name),
      sabotages.map(({ name }) => name),
    )
    for (const [name, runs] of sabotagesFound) assert.ok(runs <= 2_000, name)
  })
})

describe('docs-asset', () => {
  for (const [name, type] of [
    ['style.css', 'text/css'],
    ['filter.js', 'text/javascript'],
    ['sign.svg', 'image/svg+xml'],
  ] as const)
    test(`gives ${name}`, async () => {
      const { status, headers, body } = await service.request('docsAsset', { params: { name } })
      assert.equal(status, 200)
      assert.match(headers['content-type'] ?? '', new RegExp(type.replace('+', '\\+')))
      assert.ok(body.length > 100)
    })

  test('does not give anything else', async () => {
    assert.equal((await service.request('docsAsset', { params: { name: 'secret.txt' } })).status, 404)
    assert.equal((await service.request('docsAsset', { params: { name: '../style.css' } })).status, 400)
  })
})

describe('open-api', () => {
  test('says where the API is', async () => {
    const { body } = await service.request('openApi')
    assert.equal(body.openapi, '3.1.0')
    assert.deepEqual(body.servers, [{ url: 'https://api.example' }])
  })
})

describe('events', () => {
  test('lists each event with its consumers', async () => {
    const { body } = await service.request('events')
    const declined = body.data.find(({ type }) => type === 'payment.declined')
    assert.deepEqual(declined?.consumers, ['orders/settle-order'])
    assert.deepEqual(Object(declined?.schema).properties.type, { type: 'string', const: 'payment.declined' })
  })
})

describe('not-found', () => {
  const ask = (method: string, path: string, query?: TestQuery) =>
    service.request('notFound', { method, path, ...(query && { query }) })

  test('is a problem document, whatever is sent along', async () => {
    for (const path of [
      '/nowhere',
      '/nowhere/',
      '/products/a/b/c/',
      '/docs//x/',
      '/\\evil.example/',
      '//evil.example/',
    ]) {
      const { status, headers, problem } = await ask('GET', path)
      assert.deepEqual({ status, code: problem.code }, { status: 404, code: 'NOT_FOUND' }, path)
      assert.equal(headers['content-type'], 'application/problem+json')
    }
    const strange = await service.request('notFound', {
      method: 'POST',
      path: '/x',
      body: '<x/>',
      headers: { 'content-type': 'text/xml' },
    })
    assert.equal(strange.status, 404)
  })

  test('tells the methods of a path that has others (RFC 9110 15.5.6)', async () => {
    for (const [method, path, allow] of [
      ['POST', '/categories', 'GET, HEAD'],
      ['DELETE', '/', 'GET, HEAD'],
      ['PATCH', '/auth/guest', 'POST'],
      ['GET', '/auth/login', 'POST'],
      ['PROPFIND', '/categories/', 'GET, HEAD'],
      ['PUT', '/users/usr_1/follow/', undefined],
      ['POST', '/users/usr_1/follow', 'PUT, DELETE'],
    ] as const) {
      const answer = await ask(method, path)
      if (allow === undefined) assert.equal(answer.status, 308)
      else
        assert.deepEqual(
          { status: answer.status, code: answer.problem.code, allow: answer.headers.allow },
          { status: 405, code: 'METHOD_NOT_ALLOWED', allow },
          `${method} ${path}`,
        )
    }
  })

  test('leads to the same path without its last slash, with method, body and query (RFC 9110 15.4.9)', async () => {
    for (const [method, path, query, location] of [
      ['GET', '/categories/', undefined, '/categories'],
      ['HEAD', '/categories/', undefined, '/categories'],
      ['GET', '/products//', { q: 'a b', limit: '3' }, '/products?q=a+b&limit=3'],
      ['POST', '/orders/', undefined, '/orders'],
      ['GET', '/products/a b\r\nx: y/', undefined, '/products/a%20b%0D%0Ax%3A%20y'],
    ] as const) {
      const { status, headers, body } = await ask(method, path, query)
      assert.deepEqual(
        { status, location: headers.location, body: body ?? '' },
        { status: 308, location, body: '' },
        path,
      )
    }
  })
})

describe('compressed content', () => {
  const pages = ['docs', 'home', 'guarantees', 'openApi', 'events'] as const
  const decoders = { br: brotliDecompressSync, gzip: gunzipSync }

  test('is what is sent plainly, in the coding that the client takes (RFC 9110 12.5.3)', async () => {
    for (const name of pages) {
      const plain = await service.request(name, { headers: { 'accept-encoding': 'identity' } })
      assert.equal(plain.headers['content-encoding'], undefined)
      const text = plain.bytes.toString()
      for (const [accepted, coding] of [
        ['gzip, deflate, br', 'br'],
        ['gzip', 'gzip'],
        ['br;q=0.5, gzip;q=0.8', 'gzip'],
        ['*', 'br'],
        ['GZIP', 'gzip'],
        ['br;q=0, *', 'gzip'],
      ] as const) {
        const { headers, bytes } = await service.request(name, { headers: { 'accept-encoding': accepted } })
        assert.deepEqual(
          { contentEncoding: headers['content-encoding'], vary: headers.vary },
          { contentEncoding: coding, vary: 'accept-encoding' },
          `${name}: ${accepted}`,
        )
        assert.equal(decoders[coding](bytes).toString(), text)
        assert.equal(headers['content-type'], plain.headers['content-type'])
        assert.ok(bytes.length <= 150 * 1024, `${name} has ${bytes.length} bytes as ${coding}`)
      }
      for (const accepted of ['', 'deflate', 'zstd', 'br;q=0', 'identity, *;q=0', 'gzip;q=nonsense'])
        assert.equal(
          (await service.request(name, { headers: { 'accept-encoding': accepted } })).headers['content-encoding'],
          undefined,
          accepted,
        )
    }
  })

  test('has a tag for each coding, and is not sent again to whoever has it (RFC 9110 13.1.2)', async () => {
    for (const name of [...pages, 'docsAsset'] as const) {
      const request = {
        ...(name === 'docsAsset' && { params: { name: 'style.css' } }),
        headers: { 'accept-encoding': 'br' },
      }
      const asked = (header: string) =>
        service.request(name, { ...request, headers: { ...request.headers, 'if-none-match': header } })
      const { etag = '' } = (await service.request(name, request)).headers
      assert.match(etag, /^"[\w-]+-br"$/)
      assert.notEqual((await service.request(name, { ...request, headers: {} })).headers.etag, etag)
      for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
        const { status, headers, body } = await asked(known)
        assert.deepEqual(
          { status, etag: headers.etag, vary: headers.vary, body: body ?? '' },
          { status: 304, etag, vary: 'accept-encoding', body: '' },
          known,
        )
        assert.match(headers['cache-control'] ?? '', /max-age/)
        assert.deepEqual(
          { contentType: headers['content-type'], contentEncoding: headers['content-encoding'] },
          { contentType: undefined, contentEncoding: undefined },
        )
      }
      for (const other of ['"other"', etag.slice(1, -1), '']) assert.equal((await asked(other)).status, 200, other)
    }
  })
})
