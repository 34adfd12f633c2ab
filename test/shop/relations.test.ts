/** Who follows whom: through HTTP only. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { productWithStock } from '../support/purchase.ts'
import type { Json } from '../support/service.ts'
import { customer, eventually, guestToken, openShop, staffToken } from '../support/shop.ts'

const shop = await openShop()
after(() => shop.stop())

type Person = { id: string; token: string }
const follow = (me: Person, them: Pick<Person, 'id'>) =>
  shop.request('PUT /users/{userId}/follow', { token: me.token, params: { userId: them.id } })
const unfollow = (me: Person, them: Person) =>
  shop.request('DELETE /users/{userId}/follow', { token: me.token, params: { userId: them.id } })
/** An index takes a moment to show what was written. */
const listed = (
  list: () => Promise<{ status: number; body: { data: { userId: string }[] } }>,
  expected: readonly Person[],
) =>
  eventually(
    list,
    ({ body }) =>
      JSON.stringify(body.data.map(({ userId }) => userId).toSorted()) ===
      JSON.stringify(expected.map(({ id }) => id).toSorted()),
  )
const followersOf =
  ({ id: userId }: Person, { token }: Person) =>
  () =>
    shop.request('GET /users/{userId}/followers', { token, params: { userId } })
const followedBy =
  ({ id: userId }: Person, { token }: Person) =>
  () =>
    shop.request('GET /users/{userId}/following', { token, params: { userId } })
const friendsOf =
  ({ token }: Person) =>
  () =>
    shop.request('GET /me/friends', { token })

describe('following', () => {
  test('one way, then both ways, then one again: lists, counts and friends follow', async () => {
    const [ada, bob] = [await customer(shop), await customer(shop)]
    assert.equal((await follow(ada, bob)).status, 204)
    assert.equal((await follow(ada, bob)).status, 204)
    await listed(followersOf(bob, bob), [ada])
    await listed(followedBy(ada, bob), [bob])
    assert.deepEqual(
      (await shop.request('GET /users/{userId}/relations', { token: bob.token, params: { userId: ada.id } })).body,
      {
        userId: ada.id,
        followers: 0,
        following: 1,
        friends: 0,
        amIFollowing: false,
        followsMe: true,
      },
    )
    await follow(bob, ada)
    for (const [me, them] of [
      [ada, bob],
      [bob, ada],
    ] as const) {
      await listed(friendsOf(me), [them])
      assert.equal(
        (await shop.request('GET /users/{userId}/relations', { token: me.token, params: { userId: me.id } })).body
          .friends,
        1,
      )
    }
    assert.equal((await unfollow(ada, bob)).status, 204)
    assert.equal((await unfollow(ada, bob)).status, 204)
    await listed(friendsOf(bob), [])
    await listed(followersOf(bob, bob), [])
    assert.equal(
      (await shop.request('GET /users/{userId}/relations', { token: ada.token, params: { userId: bob.id } })).body
        .friends,
      0,
    )
  })

  test('tells whoever is followed, once', async () => {
    const [ada, bob] = [await customer(shop), await customer(shop)]
    await follow(ada, bob)
    await unfollow(ada, bob)
    await follow(ada, bob)
    const { body } = await eventually(
      () => shop.request('GET /me/notifications', { token: bob.token }),
      (answer) => answer.body.data.length > 0,
    )
    assert.deepEqual(
      body.data.map(({ kind, followerId }: Json) => [kind, followerId]),
      [['new-follower', ada.id]],
    )
  })

  test('not oneself, not nobody, not as a guest', async () => {
    const ada = await customer(shop)
    assert.equal((await follow(ada, ada)).problem.code, 'CANNOT_FOLLOW_YOURSELF')
    const nobody = { id: `usr_${'0'.repeat(26)}` }
    assert.equal((await follow(ada, nobody)).status, 404)
    const theirs = { token: ada.token, params: { userId: nobody.id } }
    for (const list of ['followers', 'following', 'relations'] as const)
      assert.equal((await shop.request(`GET /users/{userId}/${list}`, theirs)).status, 404)
    const guest = await guestToken(shop)
    assert.equal((await follow({ id: '', token: guest }, ada)).problem.code, 'ACCOUNT_NEEDED')
    assert.equal(
      (await shop.request('GET /users/{userId}/relations', { token: guest, params: { userId: ada.id } })).status,
      200,
    )
  })

  test('many at once: everybody counts once, and pages show each of them once', async () => {
    const star = await customer(shop)
    const fans = await Promise.all(Array.from({ length: 6 }, () => customer(shop)))
    await Promise.all(fans.flatMap((fan) => [follow(fan, star), follow(fan, star)]))
    assert.equal(
      (await shop.request('GET /users/{userId}/relations', { token: star.token, params: { userId: star.id } })).body
        .followers,
      fans.length,
    )
    await listed(followersOf(star, star), fans)
    const found: string[] = []
    const pages = { token: star.token, params: { userId: star.id }, query: { limit: 4 } }
    for await (const { userId } of shop.client.items('GET /users/{userId}/followers', pages)) found.push(userId)
    assert.deepEqual(found.toSorted(), fans.map(({ id }) => id).toSorted())
  })
})

describe('what friends do', () => {
  test('shows in my feed once they let it be seen, and vanishes when they hide it, or are friends no more', async () => {
    const [ada, bob] = [await customer(shop), await customer(shop)]
    await follow(ada, bob)
    await follow(bob, ada)
    const showActivity = (showsActivity: boolean) =>
      shop.request('PATCH /me', { token: bob.token, body: { preferences: { showsActivity } } })
    assert.equal((await showActivity(true)).status, 200)
    const staff = await staffToken(shop)
    const feedIs = (matches: (skus: string[]) => boolean) =>
      eventually(
        () => shop.request('GET /me/feed', { token: ada.token }),
        (answer) => matches(answer.body.data.flatMap((told) => ('sku' in told ? told.sku : []))),
      )
    // What they wish for before the news of their consent has gone round is not told: so they wish for several things.
    const wishes: string[] = []
    const { body } = await eventually(
      async () => {
        const { sku } = await productWithStock(shop, staff, 1)
        wishes.push(sku)
        await shop.request('PUT /me/wishlist/{sku}', { token: bob.token, params: { sku } })
        return shop.request('GET /me/feed', { token: ada.token })
      },
      (answer) => answer.body.data.length > 0,
    )
    const [entry] = body.data
    assert.deepEqual(
      [entry?.kind, entry?.person.userId, entry?.kind === 'wish' && wishes.includes(entry.sku)],
      ['wish', bob.id, true],
    )
    assert.deepEqual((await shop.request('GET /me/feed', { token: bob.token })).body.data, [])

    await showActivity(false)
    await feedIs((skus) => skus.length === 0)
    await showActivity(true)
    await unfollow(bob, ada)
    await feedIs((skus) => skus.length === 0)
  })
})
