/** A person's profile, addresses and picture: through HTTP only. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { png } from '../functions/profiles/pictures.ts'
import { address } from '../support/purchase.ts'
import type { Json } from '../support/service.ts'
import { customer, eventually, guestToken, openShop } from '../support/shop.ts'

const shop = await openShop()
after(() => shop.stop())

const me = await customer(shop)

/** Posts a form with a picture, as a browser does. */
const upload = async (form: { url: string; fields: Record<string, string> }): Promise<void> => {
  const body = new FormData()
  for (const [name, value] of Object.entries(form.fields)) body.append(name, value)
  body.append('file', new Blob([new Uint8Array(png())]))
  assert.equal((await fetch(form.url, { method: 'POST', body })).status, 204)
}

describe('my profile', () => {
  test('is there at once, changes by its ETag, and shows its public part to anyone', async () => {
    const fresh = await shop.request('GET /me', { token: me.token })
    assert.deepEqual({ status: fresh.status, nickname: fresh.body.nickname }, { status: 200, nickname: '' })
    const etag = fresh.headers.get('etag') ?? ''
    const change = { nickname: 'Ada', preferences: { theme: 'dark', showsActivity: true } } as const
    assert.equal((await shop.request('PATCH /me', { token: me.token, ifMatch: etag, body: change })).status, 200)
    assert.equal((await shop.request('PATCH /me', { token: me.token, ifMatch: etag, body: change })).status, 412)
    const { body } = await shop.request('GET /me', { token: me.token })
    assert.deepEqual(
      { nickname: body.nickname, theme: body.preferences.theme, language: body.preferences.language },
      { nickname: 'Ada', theme: 'dark', language: 'en' },
    )
    const seen = await shop.request('GET /users/{userId}/profile', { params: { userId: me.id } })
    assert.deepEqual(seen.body, { userId: me.id, nickname: 'Ada', avatarUrl: '/avatars/default.svg' })
  })
})

describe('my addresses', () => {
  test('have one default each for shipping and billing, and nobody else sees them', async () => {
    const home = await shop.request('POST /me/addresses', { token: me.token, key: 'home', body: address })
    assert.deepEqual(
      { status: home.status, defaultFor: home.body.defaultFor },
      { status: 201, defaultFor: ['shipping', 'billing'] },
    )
    assert.deepEqual(
      (await shop.request('POST /me/addresses', { token: me.token, key: 'home', body: address })).body,
      home.body,
    )
    const office = await shop.request('POST /me/addresses', {
      token: me.token,
      body: { ...address, line1: 'Office', defaultFor: ['billing'] },
    })
    const mine = { token: me.token, params: { addressId: office.body.id } }
    assert.equal(office.headers.get('location'), `/me/addresses/${office.body.id}`)
    assert.deepEqual((await shop.request('GET /me/addresses/{addressId}', mine)).body, office.body)
    const list = await shop.request('GET /me/addresses', { token: me.token })
    assert.deepEqual(
      list.body.data.map(({ line1, defaultFor }) => [line1, defaultFor]),
      [
        [address.line1, ['shipping']],
        ['Office', ['billing']],
      ],
    )
    const wrong = await shop.request('PUT /me/addresses/{addressId}', {
      ...mine,
      body: { ...address, country: 'US', postalCode: '1' },
    })
    assert.deepEqual(
      wrong.problem.errors?.map(({ pointer }) => pointer),
      ['/region', '/postalCode'],
    )
    const stranger = await customer(shop)
    assert.equal((await shop.request('GET /me/addresses/{addressId}', { ...mine, token: stranger.token })).status, 404)
    assert.equal((await shop.request('DELETE /me/addresses/{addressId}', mine)).status, 204)
    assert.deepEqual((await shop.request('GET /me/addresses', { token: me.token })).body.data[0]?.defaultFor, [
      'shipping',
      'billing',
    ])
    assert.equal((await shop.request('GET /me/addresses', { token: await guestToken(shop) })).status, 403)
  })
})

describe('my picture', () => {
  test('is uploaded past the API, chosen, shown to anyone, and gone when I take it away', async () => {
    const { body: form } = await shop.request('POST /me/avatar', {
      token: me.token,
      body: { contentType: 'image/png' },
    })
    assert.equal(
      (await shop.request('PUT /me/avatar', { token: me.token, body: { uploadId: form.uploadId } })).problem.code,
      'UPLOAD_MISSING',
    )
    await upload(form)
    const chosen = await shop.request('PUT /me/avatar', { token: me.token, body: { uploadId: form.uploadId } })
    assert.equal(chosen.status, 200)
    const { avatarUrl } = chosen.body
    assert.equal(
      (await shop.request('GET /users/{userId}/profile', { params: { userId: me.id } })).body.avatarUrl,
      avatarUrl,
    )
    const shown = await fetch(shop.url + avatarUrl)
    assert.deepEqual(
      { contentType: shown.headers.get('content-type'), arrayBuffer: Buffer.from(await shown.arrayBuffer()) },
      { contentType: 'image/png', arrayBuffer: png() },
    )

    assert.equal((await shop.request('DELETE /me/avatar', { token: me.token })).status, 204)
    const standard = await shop.request('GET /me', { token: me.token })
    assert.equal(standard.body.avatarUrl, '/avatars/default.svg')
    assert.equal((await fetch(shop.url + standard.body.avatarUrl)).headers.get('content-type'), 'image/svg+xml')
  })
})

describe('what is held of me', () => {
  test('is given to me, and goes when I go', async () => {
    const one = await customer(shop)
    await shop.request('PATCH /me', { token: one.token, body: { nickname: 'Gone' } })
    await shop.request('POST /me/addresses', { token: one.token, body: address })
    const { body: form } = await shop.request('POST /me/avatar', {
      token: one.token,
      body: { contentType: 'image/png' },
    })
    await upload(form)
    const { avatarUrl } = (
      await shop.request('PUT /me/avatar', { token: one.token, body: { uploadId: form.uploadId } })
    ).body
    const { body } = await shop.request('GET /me/export', { token: one.token })
    assert.deepEqual(
      body.services.profiles?.map(({ kind }: Json) => kind),
      ['profile', 'address'],
    )
    const receipt = await shop.request('DELETE /me', { token: one.token, body: { password: one.password } })
    assert.equal(receipt.status, 202)
    const erased = await eventually(
      () => shop.request('GET /erasures/{erasureId}', { params: { erasureId: receipt.body.id } }),
      (answer) =>
        answer.body.services.some(({ service, status }: Json) => service === 'profiles' && status === 'erased'),
    )
    assert.equal(erased.status, 200)
    assert.equal((await shop.request('GET /users/{userId}/profile', { params: { userId: one.id } })).status, 404)
    assert.equal((await fetch(shop.url + avatarUrl)).status, 404)
    assert.equal((await shop.request('GET /me', { token: one.token })).status, 404)
    assert.equal((await shop.request('POST /me/addresses', { token: one.token, body: address })).status, 404)
  })
})
