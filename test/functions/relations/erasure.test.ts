import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, beforeEach, describe, test } from 'node:test'
import { userErasureRequested } from '../../../functions/published/identity.ts'
import { profileUpdated } from '../../../functions/published/profiles.ts'
import { wishlistItemAdded } from '../../../functions/published/wishlist.ts'
import { relations } from '../../../functions/relations/contract.ts'
import { countsKeyOf } from '../../../functions/relations/keys.ts'
import { spent } from '../../support/round-trips.ts'
import { customer, guest, type Json, someEvent, someId, startService, type TestCaller } from '../../support/service.ts'
import { whileTimeStands } from '../../support/time.ts'
import { budgets } from './budgets.ts'

/** Messages put aside for tasks. */
let deferred: Json[] = []

const service = await startService(
  relations,
  {
    procedures: {
      'identity-find-user': (input) => {
        const { userId } = input as { userId: string }
        return { user: { id: userId, createdAt: '2026-01-01T00:00:00.000Z' } }
      },
      'profiles-public-profiles': () => ({ profiles: [] }),
    },
    operations: {
      SendMessage: ({ MessageBody }) => {
        deferred.push(JSON.parse(String(MessageBody)).message)
        return { MessageId: '1', MD5OfMessageBody: createHash('md5').update(String(MessageBody)).digest('hex') }
      },
    },
  },
  { NOTIFY_FRIENDS_QUEUE_URL: 'https://sqs.example/tell', ERASE_RELATIONS_QUEUE_URL: 'https://sqs.example/erase' },
)
after(() => service.stop())
beforeEach(() => {
  deferred = []
  service.fakes.fails = undefined
})

const follow = (me: TestCaller, them: TestCaller) =>
  service.request('followUser', { caller: me, params: { userId: them.sub } })
const unfollow = (me: TestCaller, them: TestCaller) =>
  service.request('unfollowUser', { caller: me, params: { userId: them.sub } })
const befriend = async (me: TestCaller, them: TestCaller) => {
  await follow(me, them)
  await follow(them, me)
}
const countsOf = async (who: TestCaller) => {
  const { body } = await service.request('readRelations', { caller: who, params: { userId: who.sub } })
  return [body.followers, body.following, body.friends]
}
const wish = (userId: string, sequence = 1) => {
  const erasureId = `ers_${createHash('sha256').update(userId).digest('base64url')}`
  return someEvent(userErasureRequested, erasureId, { userId, erasureId, ordersSettled: true }, { sequence })
}
const erase = (who: TestCaller, sequence?: number) => service.deliver('erasePerson', [wish(who.sub, sequence)])
const itemsAbout = async ({ sub }: TestCaller) =>
  (await service.items()).filter((item) => JSON.stringify(item).includes(sub))
const said = async (who: TestCaller) =>
  (await service.outbox()).filter(
    ({ type, data }) => type === 'relations.person-erased' && data.erasureId === wish(who.sub).data.erasureId,
  )
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString()
const shows = (who: TestCaller, sequence = 1) =>
  someEvent(
    profileUpdated,
    who.sub,
    { userId: who.sub, nickname: '', avatarUrl: '/', showsActivity: true },
    { sequence, time: inSeconds(-60) },
  )
const wished = (who: TestCaller, sku: string) =>
  someEvent(wishlistItemAdded, who.sub, { userId: who.sub, sku }, { time: inSeconds(1) })

/** Someone in the middle of everything: friends, followers, those they follow and followed once, and feeds. */
const someone = async () => {
  const [me, friend, follower, followed, former, formerFollower] = Array.from({ length: 6 }, customer)
  if (!me || !friend || !follower || !followed || !former || !formerFollower) throw new Error('six people')
  await befriend(me, friend)
  await befriend(friend, follower)
  await follow(follower, me)
  await follow(me, followed)
  await follow(me, former)
  await unfollow(me, former)
  await follow(formerFollower, me)
  await unfollow(formerFollower, me)
  for (const who of [me, friend]) await service.deliver('recordVisibility', [shows(who)])
  for (const who of [me, friend]) await service.deliver('recordActivity', [wished(who, 'KETTLE')])
  return { me, friend, follower, followed, former }
}

describe('erase-person', () => {
  test('leaves nothing of them anywhere, and the counts of the others as they are without them', async () => {
    const { me, friend, follower, followed, former } = await someone()
    assert.ok((await itemsAbout(me)).length > 8)
    assert.deepEqual(await erase(me), [])
    assert.deepEqual(await itemsAbout(me), [])
    assert.deepEqual(await countsOf(friend), [1, 1, 1])
    assert.deepEqual(await countsOf(follower), [1, 1, 1])
    assert.deepEqual(await countsOf(followed), [0, 0, 0])
    assert.deepEqual(await countsOf(former), [0, 0, 0])
    assert.deepEqual(await countsOf(me), [0, 0, 0])
    for (const reader of [friend, follower])
      assert.deepEqual(
        (await service.request('readFeed', { caller: reader })).body.data.map(({ person }: Json) => person.userId),
        reader === follower ? [friend.sub] : [],
      )
    assert.deepEqual(
      (await said(me)).map(({ sequence }) => sequence),
      [1],
    )
  })

  test('told again, twice at once, or after the fact, it does the same', async () => {
    const { me, friend } = await someone()
    const event = wish(me.sub)
    assert.deepEqual(await service.deliver('erasePerson', [event, { ...event, id: someId('evt') }]), [])
    assert.deepEqual(await erase(me, 2), [])
    assert.deepEqual({ itemsAbout: await itemsAbout(me), said: (await said(me)).length }, { itemsAbout: [], said: 1 })
    assert.deepEqual(await countsOf(friend), [1, 1, 1])
  })

  test('what comes late brings nobody back', async () => {
    const { me, friend } = await someone()
    await erase(me)
    const mine = await follow(me, friend)
    assert.deepEqual({ status: mine.status, code: mine.problem.code }, { status: 403, code: 'FORBIDDEN' })
    assert.equal((await follow(friend, me)).status, 404)
    assert.equal((await unfollow(friend, me)).status, 204)
    await service.deliver('recordVisibility', [shows(me, 5)])
    await service.deliver('recordActivity', [wished(me, 'TEAPOT')])
    assert.deepEqual(await itemsAbout(me), [])
  })

  test('a follow under way just then comes before, and goes with the rest, or does not come', async () => {
    for (let round = 0; round < 3; round += 1) {
      const me = customer()
      const fans = Array.from({ length: 6 }, customer)
      await Promise.all([erase(me), ...fans.map((fan) => follow(fan, me))])
      await erase(me, 2)
      assert.deepEqual(await itemsAbout(me), [])
      for (const fan of fans) assert.deepEqual(await countsOf(fan), [0, 0, 0])
    }
  })

  test('two friends at once', async () => {
    const { me, friend, follower } = await someone()
    await Promise.all([erase(me), erase(friend)])
    for (const who of [me, friend]) {
      assert.deepEqual(await erase(who, 2), [])
      assert.deepEqual(await itemsAbout(who), [])
    }
    assert.deepEqual(await countsOf(follower), [0, 0, 0])
  })

  test('broken off anywhere, it goes on when it comes again', async () => {
    for (const last of [1, 40, 60]) {
      const { me, friend } = await someone()
      let calls = 0
      service.fakes.fails = () => {
        calls += 1
        return calls > last
      }
      assert.equal((await erase(me)).length, 1)
      service.fakes.fails = undefined
      assert.deepEqual(await erase(me), [])
      assert.deepEqual(
        { itemsAbout: await itemsAbout(me), counts: await countsOf(friend) },
        { itemsAbout: [], counts: [1, 1, 1] },
      )
    }
  })

  test('of a guest there is nothing', async () => {
    const caller = guest()
    const before = service.database.length
    assert.deepEqual(await erase(caller), [])
    assert.deepEqual(spent(service.database.slice(before)), budgets['erase-person'])
    assert.equal((await said(caller)).length, 1)
  })
})

describe('erase-relations', () => {
  test('goes on where a run has to stop: a popular user goes in bounded steps', async () => {
    const star = customer()
    const fans = Array.from({ length: 410 }, customer)
    const since = inSeconds(-3600)
    const parts = new Map<string, Json>()
    const edges = fans.map(({ sub }) => {
      const counts = countsKeyOf(sub, star.sub)
      parts.set(sub, { ...counts, followers: 0, following: 1, friends: 0 })
      return {
        pk: `pair#${[sub, star.sub].toSorted().join('#')}`,
        sk: sub,
        ...{ followerId: sub, followedId: star.sub, since, version: 1, sequence: 1 },
        gsi1pk: `following#${sub}`,
        gsi1sk: `${since}#${star.sub}`,
        gsi2pk: `followers#${star.sub}#${sub.charCodeAt(sub.length - 1) % 4}`,
        gsi2sk: `${since}#${sub}`,
      }
    })
    await Promise.all([...edges, ...parts.values()].map(service.put))
    const callsOf = async (act: () => Promise<unknown>): Promise<number> => {
      const before = service.database.length
      await act()
      return service.database.length - before
    }
    const steps = [await callsOf(() => erase(star))]
    assert.deepEqual(await said(star), [])
    for (let message = deferred.pop(); message; message = deferred.pop()) {
      const one = message
      steps.push(await callsOf(async () => assert.deepEqual(await service.work('eraseRelations', [one]), [])))
    }
    assert.ok(steps.length >= 3 && steps.every((calls) => calls < 600), `calls per step: ${steps}`)
    assert.deepEqual(await itemsAbout(star), [])
    for (const fan of fans.slice(0, 20)) assert.deepEqual(await countsOf(fan), [0, 0, 0])
    await erase(star, 2)
    assert.equal((await said(star)).length, 1)
  })
})

describe('export-person', () => {
  test('gives whom they followed and follow, who them, and what friends were told, in pages', async () => {
    const { me, friend, follower, followed, former } = await someone()
    const { records, after: next } = await service.call('exportPerson', { userId: me.sub })
    assert.equal(next, undefined)
    const kinds = new Map<string, Json[]>()
    for (const { kind, data } of records) kinds.set(kind, [...(kinds.get(kind) ?? []), data])
    const idsOf = (kind: string) => (kinds.get(kind) ?? []).map(({ userId }) => userId).toSorted()
    assert.deepEqual(idsOf('following'), [friend.sub, followed.sub].toSorted())
    assert.deepEqual(idsOf('follower'), [friend.sub, follower.sub].toSorted())
    assert.deepEqual(idsOf('formerFollowing'), [former.sub])
    assert.equal(idsOf('formerFollower').length, 1)
    assert.deepEqual(kinds.get('activity')?.[0].what, 'wish#KETTLE')
    assert.equal(typeof kinds.get('activityVisibility')?.[0].showsSince, 'string')
    assert.deepEqual(await service.call('exportPerson', { userId: someId('usr') }), { records: [] })
  })

  test('each record once, however many there are; nonsense begins somewhere in the same', async () => {
    const me = customer()
    const others = Array.from({ length: 104 }, customer)
    await whileTimeStands(() => Promise.all(others.map((other) => follow(me, other))))
    const found: string[] = []
    let position: string | undefined
    do {
      const page: Json = await service.call('exportPerson', {
        userId: me.sub,
        ...(position ? { after: position } : {}),
      })
      assert.ok(page.records.length <= 100)
      found.push(...page.records.map(({ data }: Json) => data.userId))
      position = page.after
    } while (position)
    assert.deepEqual(found.toSorted(), others.map(({ sub }) => sub).toSorted())
    for (const nonsense of ['following#!', 'x', 'activity#', 'activityVisibility#']) {
      const page = await service.call('exportPerson', { userId: me.sub, after: nonsense })
      assert.ok(page.records.every(({ data }: Json) => others.some(({ sub }) => sub === data.userId)))
    }
  })
})
