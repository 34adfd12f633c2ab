import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { docs } from '../../../functions/docs/contract.ts'
import { services } from '../../../functions/services.ts'
import { startService } from '../../support/service.ts'

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
    const placed = body.data.find(({ type }: { type: string }) => type === 'order.placed')
    assert.deepEqual(placed.consumers, ['inventory/reserve-stock'])
    assert.equal(placed.schema.properties.type.const, 'order.placed')
  })
})

describe('not-found', () => {
  test('is a problem document', async () => {
    const { status, headers, body } = await service.request('notFound')
    assert.equal(status, 404)
    assert.equal(headers['content-type'], 'application/problem+json')
    assert.equal(body.code, 'NOT_FOUND')
  })
})
