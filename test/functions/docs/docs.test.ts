import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { docs } from '../../../functions/docs/contract.ts'
import { figures, sabotagesFound } from '../../../functions/docs/page/figures.ts'
import { services } from '../../../functions/services.ts'
import { sabotages } from '../../simulation/sabotages.ts'
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
    assert.deepEqual([figures.model.broken, figures.engine.broken], [0, 0])
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
