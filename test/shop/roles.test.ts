/** What is left of a role that was taken, of a session that was ended, of an account that is gone: through HTTP only. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, describe, test } from 'node:test'
import { openShop, staffToken } from '../support/shop.ts'

const shop = await openShop()
after(() => shop.stop())
const staff = await staffToken(shop)
const password = 'a quiet harbour at dusk'

/** Someone who was given the role, and then logged in with it. */
const member = async () => {
  const email = `staff-${randomUUID()}@example.com`
  const { body } = await shop.request('POST /auth/register', { body: { email, password } })
  const { id } = body.user
  await shop.request('PUT /users/{userId}/roles', { token: staff, params: { userId: id }, body: { roles: ['staff'] } })
  const { tokens } = (await shop.request('POST /auth/login', { body: { email, password } })).body
  return { id, token: String(tokens.accessToken), refreshToken: String(tokens.refreshToken) }
}
type Member = Awaited<ReturnType<typeof member>>

/** What staff of several services may do, and what others may do too, with less. */
const statusesFor = async ({ id, token }: Member) => {
  const orderId = `ord_${'0'.repeat(26)}`
  const asks: [method: string, path: string, body?: object][] = [
    ['PUT', `/users/${id}/roles`, { roles: ['staff'] }],
    ['GET', `/users/${id}/roles`],
    ['GET', '/imports'],
    ['GET', '/reports/reconciliation'],
    ['GET', '/orders?scope=all'],
    ['GET', `/orders/${orderId}/notes`],
  ]
  const statuses: number[] = []
  for (const [method, path, body] of asks) statuses.push((await shop.raw(method, path, { token, body })).status)
  return statuses
}

const refused = [403, 403, 403, 403, 403, 403]

describe('staff', () => {
  test('may do what staff do, until somebody takes the role: then their token is that of a customer', async () => {
    const [kept, taken] = [await member(), await member()]
    assert.deepEqual(await statusesFor(kept), [200, 200, 200, 200, 200, 200])
    assert.equal(
      (
        await shop.request('PUT /users/{userId}/roles', {
          token: kept.token,
          params: { userId: taken.id },
          body: { roles: [] },
        })
      ).status,
      200,
    )
    assert.deepEqual(await statusesFor(taken), refused)
    assert.equal((await shop.request('GET /orders', { token: taken.token })).status, 200)
    const { body } = await shop.request('GET /users/{userId}/roles', {
      token: kept.token,
      params: { userId: taken.id },
    })
    assert.deepEqual(body.changes.at(-1)?.by, kept.id)
  })

  test('who log out, or are erased, leave no token behind that does more', async () => {
    const [left, erased] = [await member(), await member()]
    await shop.request('POST /auth/logout', { body: { refreshToken: left.refreshToken } })
    assert.deepEqual(await statusesFor(left), refused)
    await shop.request('PUT /users/{userId}/roles', {
      token: staff,
      params: { userId: erased.id },
      body: { roles: [] },
    })
    assert.equal((await shop.request('DELETE /me', { token: erased.token, body: { password } })).status, 202)
    assert.deepEqual(await statusesFor(erased), refused)
  })
})
