/** Who follows whom: through HTTP only. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import type { Json } from '../support/service.ts'
import { customer, eventually, guestToken, openShop, productWithStock, staffToken } from '../support/shop.ts'

const shop = await openShop()
after(() => shop.stop())

type Person = { id: string; token: string }
const follow = (me: Person, them: Pick<Person, 'id'>) =>
  shop.request('PUT', `/users/${them.id}/follow`, { token: me.token })
const unfollow = (me: Person, them: Person) => shop.request('DELETE', `/users/${them.id}/follow`, { token: me.token })
const read = async (me: Person, path: string): Promise<Json> =>
  (await shop.request('GET', path, { token: me.token })).body
/** An index takes a moment to show what was written. */
const listed = (me: Person, path: string, expected: readonly Person[]) =>
  eventually(
    () => shop.request('GET', path, { token: me.token }),
    ({ body }) =>
      JSON.stringify(body.data.map(({ userId }: Json) => userId).toSorted()) ===
      JSON.stringify(expected.map(({ id }) => id).toSorted()),
  )

describe('following', () => {
  test('one way, then both ways, then one again: lists, counts and friends follow', async () => {
    const [ada, bob] = [await customer(shop), await customer(shop)]
    assert.equal((await follow(ada, bob)).status, 204)
    assert.equal((await follow(ada, bob)).status, 204)
    await listed(bob, `/users/${bob.id}/followers`, [ada])
    await listed(bob, `/users/${ada.id}/following`, [bob])
    assert.deepEqual(await read(bob, `/users/${ada.id}/relations`), {
      userId: ada.id,
      followers: 0,
      following: 1,
      friends: 0,
      amIFollowing: false,
      followsMe: true,
    })
    await follow(bob, ada)
    for (const [me, them] of [
      [ada, bob],
      [bob, ada],
    ] as const) {
      await listed(me, '/me/friends', [them])
      assert.equal((await read(me, `/users/${me.id}/relations`)).friends, 1)
    }
    assert.equal((await unfollow(ada, bob)).status, 204)
    assert.equal((await unfollow(ada, bob)).status, 204)
    await listed(bob, '/me/friends', [])
    await listed(bob, `/users/${bob.id}/followers`, [])
    assert.equal((await read(ada, `/users/${bob.id}/relations`)).friends, 0)
  })

  test('tells whoever is followed, once', async () => {
    const [ada, bob] = [await customer(shop), await customer(shop)]
    await follow(ada, bob)
    await unfollow(ada, bob)
    await follow(ada, bob)
    const { body } = await eventually(
      () => shop.request('GET', '/me/notifications', { token: bob.token }),
      (answer) => answer.body.data.length > 0,
    )
    assert.deepEqual(
      body.data.map(({ kind, followerId }: Json) => [kind, followerId]),
      [['new-follower', ada.id]],
    )
  })

  test('not oneself, not nobody, not as a guest', async () => {
    const ada = await customer(shop)
    assert.equal((await follow(ada, ada)).body.code, 'CANNOT_FOLLOW_YOURSELF')
    const nobody = { id: `usr_${'0'.repeat(26)}` }
    assert.equal((await follow(ada, nobody)).status, 404)
    for (const list of ['followers', 'following', 'relations'])
      assert.equal((await shop.request('GET', `/users/${nobody.id}/${list}`, { token: ada.token })).status, 404)
    const guest = await guestToken(shop)
    assert.equal((await follow({ id: '', token: guest }, ada)).body.code, 'ACCOUNT_NEEDED')
    assert.equal((await shop.request('GET', `/users/${ada.id}/relations`, { token: guest })).status, 200)
  })

  test('many at once: everybody counts once, and pages show each of them once', async () => {
    const star = await customer(shop)
    const fans = await Promise.all(Array.from({ length: 6 }, () => customer(shop)))
    await Promise.all(fans.flatMap((fan) => [follow(fan, star), follow(fan, star)]))
    assert.equal((await read(star, `/users/${star.id}/relations`)).followers, fans.length)
    await listed(star, `/users/${star.id}/followers`, fans)
    const found: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page: Json = await read(
        star,
        `/users/${star.id}/followers?limit=4${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
      )
      found.push(...page.data.map(({ userId }: Json) => userId))
      cursor = page.next_cursor
    }
    assert.deepEqual(found.toSorted(), fans.map(({ id }) => id).toSorted())
  })
})

describe('what friends do', () => {
  test('shows in my feed once they let it be seen, and vanishes when they hide it, or are friends no more', async () => {
    const [ada, bob] = [await customer(shop), await customer(shop)]
    await follow(ada, bob)
    await follow(bob, ada)
    const showActivity = (showsActivity: boolean) =>
      shop.request('PATCH', '/me', { token: bob.token, body: { preferences: { showsActivity } } })
    assert.equal((await showActivity(true)).status, 200)
    const staff = await staffToken(shop)
    const feedIs = (matches: (skus: string[]) => boolean) =>
      eventually(
        () => shop.request('GET', '/me/feed', { token: ada.token }),
        ({ body }) => matches(body.data.map(({ sku }: Json) => sku)),
      )
    // What they wish for before the news of their consent has gone round is not told: so they wish for several things.
    const wishes: string[] = []
    const { body } = await eventually(
      async () => {
        const { sku } = await productWithStock(shop, staff, 1)
        wishes.push(sku)
        await shop.request('PUT', `/me/wishlist/${sku}`, { token: bob.token })
        return shop.request('GET', '/me/feed', { token: ada.token })
      },
      (answer) => answer.body.data.length > 0,
    )
    const [entry] = body.data
    assert.deepEqual([entry.kind, entry.person.userId, wishes.includes(entry.sku)], ['wish', bob.id, true])
    assert.deepEqual((await read(bob, '/me/feed')).data, [])

    await showActivity(false)
    await feedIs((skus) => skus.length === 0)
    await showActivity(true)
    await unfollow(bob, ada)
    await feedIs((skus) => skus.length === 0)
  })
})
