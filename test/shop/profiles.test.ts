/** A person's profile, addresses and picture: through HTTP only. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { png } from '../functions/profiles/pictures.ts'
import type { Json } from '../support/service.ts'
import { address, customer, eventually, guestToken, openShop } from '../support/shop.ts'

const shop = await openShop()
after(() => shop.stop())

const me = await customer(shop)
const as = (method: string, path: string, body?: object, headers = {}, token = me.token) =>
  shop.request(method, path, { token, headers, ...(body ? { body } : {}) })

/** Posts a form with a picture, as a browser does. */
const upload = async (form: { url: string; fields: Record<string, string> }): Promise<void> => {
  const body = new FormData()
  for (const [name, value] of Object.entries(form.fields)) body.append(name, value)
  body.append('file', new Blob([new Uint8Array(png())]))
  assert.equal((await fetch(form.url, { method: 'POST', body })).status, 204)
}

describe('my profile', () => {
  test('is there at once, changes by its ETag, and shows its public part to anyone', async () => {
    const fresh = await as('GET', '/me')
    assert.deepEqual([fresh.status, fresh.body.nickname], [200, ''])
    const etag = fresh.headers.get('etag') ?? ''
    const change = { nickname: 'Ada', preferences: { theme: 'dark', showsActivity: true } }
    assert.equal((await as('PATCH', '/me', change, { 'if-match': etag })).status, 200)
    assert.equal((await as('PATCH', '/me', change, { 'if-match': etag })).status, 412)
    const { body } = await as('GET', '/me')
    assert.deepEqual([body.nickname, body.preferences.theme, body.preferences.language], ['Ada', 'dark', 'en'])
    const seen = await shop.request('GET', `/users/${me.id}/profile`)
    assert.deepEqual(seen.body, { userId: me.id, nickname: 'Ada', avatarUrl: '/avatars/default.svg' })
  })
})

describe('my addresses', () => {
  test('have one default each for shipping and billing, and nobody else sees them', async () => {
    const key = { 'idempotency-key': 'home' }
    const home = await as('POST', '/me/addresses', address, key)
    assert.deepEqual([home.status, home.body.defaultFor], [201, ['shipping', 'billing']])
    assert.deepEqual((await as('POST', '/me/addresses', address, key)).body, home.body)
    const office = await as('POST', '/me/addresses', { ...address, line1: 'Office', defaultFor: ['billing'] })
    const path = office.headers.get('location') ?? ''
    assert.deepEqual((await as('GET', path)).body, office.body)
    const list = await as('GET', '/me/addresses')
    assert.deepEqual(
      list.body.data.map(({ line1, defaultFor }: { line1: string; defaultFor: string[] }) => [line1, defaultFor]),
      [
        [address.line1, ['shipping']],
        ['Office', ['billing']],
      ],
    )
    const wrong = await as('PUT', path, { ...address, country: 'US', postalCode: '1' })
    assert.deepEqual(
      wrong.body.errors.map(({ pointer }: { pointer: string }) => pointer),
      ['/region', '/postalCode'],
    )
    const stranger = await customer(shop)
    assert.equal((await as('GET', path, undefined, {}, stranger.token)).status, 404)
    assert.equal((await as('DELETE', path)).status, 204)
    assert.deepEqual((await as('GET', '/me/addresses')).body.data[0].defaultFor, ['shipping', 'billing'])
    assert.equal((await as('GET', '/me/addresses', undefined, {}, await guestToken(shop))).status, 403)
  })
})

describe('my picture', () => {
  test('is uploaded past the API, chosen, shown to anyone, and gone when I take it away', async () => {
    const { body: form } = await as('POST', '/me/avatar', { contentType: 'image/png' })
    assert.equal((await as('PUT', '/me/avatar', { uploadId: form.uploadId })).body.code, 'UPLOAD_MISSING')
    await upload(form)
    const chosen = await as('PUT', '/me/avatar', { uploadId: form.uploadId })
    assert.equal(chosen.status, 200)
    const { avatarUrl } = chosen.body
    assert.equal((await shop.request('GET', `/users/${me.id}/profile`)).body.avatarUrl, avatarUrl)
    const shown = await fetch(shop.url + avatarUrl)
    assert.deepEqual([shown.headers.get('content-type'), Buffer.from(await shown.arrayBuffer())], ['image/png', png()])

    assert.equal((await as('DELETE', '/me/avatar')).status, 204)
    const standard = await as('GET', '/me')
    assert.equal(standard.body.avatarUrl, '/avatars/default.svg')
    assert.equal((await fetch(shop.url + standard.body.avatarUrl)).headers.get('content-type'), 'image/svg+xml')
  })
})

describe('what is held of me', () => {
  test('is given to me, and goes when I go', async () => {
    const one = await customer(shop)
    const ask = (method: string, path: string, body?: object) => as(method, path, body, {}, one.token)
    await ask('PATCH', '/me', { nickname: 'Gone' })
    await ask('POST', '/me/addresses', address)
    const { body: form } = await ask('POST', '/me/avatar', { contentType: 'image/png' })
    await upload(form)
    const { avatarUrl } = (await ask('PUT', '/me/avatar', { uploadId: form.uploadId })).body
    const { body } = await ask('GET', '/me/export')
    assert.deepEqual(
      body.services.profiles.map(({ kind }: Json) => kind),
      ['profile', 'address'],
    )
    const receipt = await ask('DELETE', '/me', { password: one.password })
    assert.equal(receipt.status, 202)
    const erased = await eventually(
      () => shop.request('GET', `/erasures/${receipt.body.id}`),
      (answer) =>
        answer.body.services.some(({ service, status }: Json) => service === 'profiles' && status === 'erased'),
    )
    assert.equal(erased.status, 200)
    assert.equal((await shop.request('GET', `/users/${one.id}/profile`)).status, 404)
    assert.equal((await fetch(shop.url + avatarUrl)).status, 404)
    assert.equal((await ask('GET', '/me')).status, 404)
    assert.equal((await ask('POST', '/me/addresses', address)).status, 404)
  })
})
