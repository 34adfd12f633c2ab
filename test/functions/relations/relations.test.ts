import assert from 'node:assert/strict'
import { after, beforeEach, describe, test } from 'node:test'
import { relations } from '../../../functions/relations/contract.ts'
import { allCountsKeysOf } from '../../../functions/relations/keys.ts'
import { fc } from '../../support/property.ts'
import { spent } from '../../support/round-trips.ts'
import {
  customer,
  guest,
  type Json,
  someId,
  startService,
  type TestCaller,
  type TestQuery,
} from '../../support/service.ts'
import { whileTimeStands } from '../../support/time.ts'
import { budgets } from './budgets.ts'

/** Who has no account, and who is called how; set by tests. */
const strangers = new Set<string>()
let namesOf: (userIds: string[]) => Json[] = () => []
let asked: string[] = []

const service = await startService(relations, {
  procedures: {
    'identity-find-user': (input) => {
      const { userId } = input as { userId: string }
      asked.push(userId)
      return strangers.has(userId) ? {} : { user: { id: userId, createdAt: '2026-01-01T00:00:00.000Z' } }
    },
    'profiles-public-profiles': (input) => ({ profiles: namesOf((input as { userIds: string[] }).userIds) }),
  },
})
after(() => service.stop())
beforeEach(() => {
  asked = []
  namesOf = () => []
  service.fakes.fails = undefined
})

const operations = (response: { database: { operation: string }[] }) =>
  response.database.map(({ operation }) => operation)
const follow = (me: TestCaller, them: TestCaller) =>
  service.request('followUser', { caller: me, params: { userId: them.sub } })
const unfollow = (me: TestCaller, them: TestCaller) =>
  service.request('unfollowUser', { caller: me, params: { userId: them.sub } })
const read = (me: TestCaller, them: TestCaller) =>
  service.request('readRelations', { caller: me, params: { userId: them.sub } })
const countsOf = async (who: TestCaller) => {
  const { followers, following, friends } = (await read(who, who)).body
  return { followers, following, friends }
}
const list = (name: 'listFollowers' | 'listFollowing', of: TestCaller, query: TestQuery = {}) =>
  service.request(name, { caller: customer(), params: { userId: of.sub }, query })
const friendsOf = (me: TestCaller, query: TestQuery = {}) => service.request('listFriends', { caller: me, query })
const idsOf = ({ body }: { body: Json }): string[] => body.data.map(({ userId }: Json) => userId)
const eventsOf = async (me: TestCaller) =>
  (await service.outbox())
    .filter(({ data }) => data.followerId === me.sub)
    .map(({ type, sequence, data }) => [type, sequence, data.followedId])

describe('follow-user', () => {
  test('writes the edge, the counts of both, and the event at once; again it changes nothing', async () => {
    const [ada, bob] = [customer(), customer()]
    const first = await follow(ada, bob)
    assert.deepEqual(
      { status: first.status, body: first.body, trips: spent(first.database) },
      { status: 204, body: undefined, trips: budgets['follow-user'] },
    )
    const again = await follow(ada, bob)
    assert.deepEqual(
      { status: again.status, trips: spent(again.database) },
      { status: 204, trips: budgets['follow-user: unchanged'] },
    )
    assert.deepEqual(asked, [bob.sub])
    assert.deepEqual(await countsOf(ada), { followers: 0, following: 1, friends: 0 })
    assert.deepEqual(await countsOf(bob), { followers: 1, following: 0, friends: 0 })
    assert.deepEqual(await eventsOf(ada), [['user.followed', 1, bob.sub]])
  })

  test('the other way round makes them friends, on both sides', async () => {
    const [ada, bob] = [customer(), customer()]
    await follow(ada, bob)
    await follow(bob, ada)
    for (const [me, them] of [
      [ada, bob],
      [bob, ada],
    ] as const) {
      assert.deepEqual(await countsOf(me), { followers: 1, following: 1, friends: 1 })
      assert.deepEqual(idsOf(await friendsOf(me)), [them.sub])
    }
    // What made them friends repeats nothing that was told before.
    assert.deepEqual(await eventsOf(ada), [])
    assert.deepEqual(await eventsOf(bob), [['user.followed', 1, ada.sub]])
  })

  test('not oneself, not who does not exist, not as a guest', async () => {
    const ada = customer()
    assert.deepEqual((await follow(ada, ada)).problem.code, 'CANNOT_FOLLOW_YOURSELF')
    const nobody = customer()
    strangers.add(nobody.sub)
    const unknown = await follow(ada, nobody)
    assert.deepEqual(
      { status: unknown.status, trips: spent(unknown.database) },
      { status: 404, trips: budgets['follow-user: unchanged'] },
    )
    const asGuest = await follow(guest(), ada)
    assert.deepEqual({ status: asGuest.status, code: asGuest.problem.code }, { status: 403, code: 'ACCOUNT_NEEDED' })
    const nonsense = await service.request('followUser', { caller: ada, params: { userId: 'usr_1' } })
    assert.equal(nonsense.status, 400)
  })

  test('at once, by both and twice each: friends, counted once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [ada, bob] = [customer(), customer()]
      const answers = await Promise.all([follow(ada, bob), follow(bob, ada), follow(ada, bob), follow(bob, ada)])
      assert.deepEqual([...new Set(answers.map(({ status }) => status))], [204])
      for (const me of [ada, bob]) assert.deepEqual(await countsOf(me), { followers: 1, following: 1, friends: 1 })
    }
  })

  test('many follow one at once, some come and go: the counts are those who stay', async () => {
    const star = customer()
    const fans = Array.from({ length: 40 }, customer)
    await whileTimeStands(() => Promise.all(fans.flatMap((fan) => [follow(fan, star), follow(fan, star)])))
    await whileTimeStands(() =>
      Promise.all(fans.slice(0, 15).flatMap((fan) => [unfollow(fan, star), unfollow(fan, star)])),
    )
    await whileTimeStands(() => Promise.all(fans.slice(0, 5).map((fan) => follow(fan, star))))
    assert.equal((await countsOf(star)).followers, 30)
    assert.equal(idsOf(await list('listFollowers', star, { limit: '100' })).length, 30)
    const keys = new Set(allCountsKeysOf(star.sub).map(({ pk, sk }) => `${pk} ${sk}`))
    const parts = (await service.items()).filter(({ pk, sk }) => keys.has(`${pk} ${sk}`))
    assert.ok(parts.length > 8, 'no item takes all of them')
    assert.ok(parts.every(({ followers }) => followers >= 0))
  })

  test('where others write the same counts just then it is tried again', async () => {
    const [ada, bob] = [customer(), customer()]
    let conflicts = 2
    service.fakes.fails = ({ operation }) => {
      if (operation !== 'TransactWriteItems' || conflicts === 0) return false
      conflicts -= 1
      return 'conflict'
    }
    assert.equal((await follow(ada, bob)).status, 204)
    assert.equal((await countsOf(bob)).followers, 1)
  })

  test('a change that comes between reading and writing is seen', async () => {
    const [ada, bob] = [customer(), customer()]
    let isFirst = true
    service.fakes.fails = async ({ operation }) => {
      if (operation !== 'TransactWriteItems' || !isFirst) return false
      isFirst = false
      await follow(bob, ada)
      return false
    }
    assert.equal((await follow(ada, bob)).status, 204)
    assert.deepEqual(await countsOf(ada), { followers: 1, following: 1, friends: 1 })
    assert.deepEqual(await countsOf(bob), { followers: 1, following: 1, friends: 1 })
  })
})

describe('unfollow-user', () => {
  test('ends it, and the friendship of both; again it changes nothing', async () => {
    const [ada, bob] = [customer(), customer()]
    await follow(ada, bob)
    await follow(bob, ada)
    const first = await unfollow(ada, bob)
    assert.deepEqual(
      { status: first.status, trips: spent(first.database) },
      { status: 204, trips: budgets['unfollow-user'] },
    )
    const again = await unfollow(ada, bob)
    assert.deepEqual(
      { status: again.status, trips: spent(again.database) },
      { status: 204, trips: budgets['unfollow-user: unchanged'] },
    )
    assert.deepEqual(await countsOf(ada), { followers: 1, following: 0, friends: 0 })
    assert.deepEqual(await countsOf(bob), { followers: 0, following: 1, friends: 0 })
    assert.deepEqual(idsOf(await friendsOf(bob)), [])
    assert.deepEqual(await eventsOf(ada), [['user.unfollowed', 2, bob.sub]])
    await follow(ada, bob)
    assert.deepEqual(await eventsOf(ada), [['user.followed', 3, bob.sub]])
  })

  test('who never followed, and whom nobody knows, are left alone; guests are told that they need an account', async () => {
    const nobody = customer()
    strangers.add(nobody.sub)
    const answer = await unfollow(customer(), nobody)
    assert.deepEqual(
      { status: answer.status, trips: spent(answer.database) },
      { status: 204, trips: budgets['unfollow-user: unchanged'] },
    )
    assert.equal((await unfollow(guest(), nobody)).problem.code, 'ACCOUNT_NEEDED')
  })

  test('nobody follows themselves, so there is nothing to end and nothing to read', async () => {
    const ada = customer()
    const answer = await unfollow(ada, ada)
    assert.deepEqual(
      { status: answer.status, trips: spent(answer.database) },
      { status: 204, trips: budgets['unfollow-user: of oneself'] },
    )
  })
})

for (const [kebab, name] of [
  ['list-followers', 'listFollowers'],
  ['list-following', 'listFollowing'],
] as const)
  describe(kebab, () => {
    const reads = name === 'listFollowers' ? ['Query', 'Query', 'Query', 'Query'] : ['Query']
    const relate = (star: TestCaller, other: TestCaller) =>
      name === 'listFollowers' ? follow(other, star) : follow(star, other)
    const unrelate = (star: TestCaller, other: TestCaller) =>
      name === 'listFollowers' ? unfollow(other, star) : unfollow(star, other)

    test('shows people as they want to be shown, newest first; who is not known to profiles as well', async () => {
      const star = customer()
      const [ada, bob] = [customer(), customer()]
      await relate(star, ada)
      await relate(star, bob)
      namesOf = () => [{ userId: ada.sub, nickname: 'Ada', avatarUrl: '/avatars/ada.png' }]
      const answer = await list(name, star)
      assert.equal(answer.status, 200)
      assert.deepEqual(operations(answer), reads)
      assert.deepEqual(
        answer.body.data.map(({ since: _, ...person }: Json) => person),
        [
          { userId: bob.sub, nickname: '', avatarUrl: '/avatars/default.svg' },
          { userId: ada.sub, nickname: 'Ada', avatarUrl: '/avatars/ada.png' },
        ],
      )
      assert.equal(answer.body.next_cursor, null)
    })

    test('goes on without profiles that do not answer', async () => {
      const [star, ada] = [customer(), customer()]
      await relate(star, ada)
      namesOf = () => {
        throw new Error('the test lets it fail')
      }
      const answer = await list(name, star)
      assert.deepEqual({ status: answer.status, ids: idsOf(answer) }, { status: 200, ids: [ada.sub] })
    })

    test('pages show everybody once, though people come and go in between', async () => {
      const star = customer()
      const others = Array.from({ length: 9 }, customer)
      for (const other of others) await relate(star, other)
      const first = await list(name, star, { limit: '4' })
      await relate(star, customer())
      const [, , , fourth] = idsOf(first)
      const gone = others.find(({ sub }) => sub === fourth)
      assert.ok(gone)
      await unrelate(star, gone)
      const second = await list(name, star, { limit: '4', cursor: first.body.next_cursor })
      const third = await list(name, star, { limit: '4', cursor: second.body.next_cursor })
      assert.deepEqual([...idsOf(first), ...idsOf(second), ...idsOf(third)], others.map(({ sub }) => sub).toReversed())
      assert.equal(third.body.next_cursor, null)
    })

    test('a user who does not exist is not found, one whom nobody knows has an empty list', async () => {
      const [lonely, nobody] = [customer(), customer()]
      strangers.add(nobody.sub)
      const empty = await list(name, lonely)
      assert.deepEqual(
        { status: empty.status, body: empty.body },
        { status: 200, body: { data: [], next_cursor: null } },
      )
      assert.equal((await list(name, nobody)).status, 404)
    })

    test("refuses another list's cursor and made-up ones", async () => {
      const star = customer()
      for (let count = 0; count < 2; count += 1) await relate(star, customer())
      const { body } = await list(name, star, { limit: '1' })
      const other = await list(name, customer(), { cursor: body.next_cursor })
      assert.deepEqual({ status: other.status, code: other.problem.code }, { status: 400, code: 'INVALID_CURSOR' })
      const { s } = JSON.parse(Buffer.from(body.next_cursor ?? '', 'base64url').toString())
      for (const place of ['', '!', 'z'.repeat(99)]) {
        const cursor = Buffer.from(JSON.stringify({ s, k: { place } })).toString('base64url')
        assert.equal((await list(name, star, { cursor })).problem.code, 'INVALID_CURSOR')
      }
      assert.equal((await list(name, star, { limit: '101' })).status, 400)
    })
  })

describe('list-friends', () => {
  test('lists mine, page by page, and nobody else', async () => {
    const me = customer()
    const friends = Array.from({ length: 3 }, customer)
    for (const friend of friends) {
      await follow(me, friend)
      await follow(friend, me)
    }
    await follow(customer(), me)
    const first = await friendsOf(me, { limit: '2' })
    assert.deepEqual(spent(first.database), budgets['list-friends'])
    const rest = await friendsOf(me, { limit: '2', cursor: first.body.next_cursor })
    assert.deepEqual([...idsOf(first), ...idsOf(rest)], friends.map(({ sub }) => sub).toReversed())
    const asGuest = await service.request('listFriends', { caller: guest() })
    assert.equal(asGuest.problem.code, 'ACCOUNT_NEEDED')
    const mine = await service.request('listFriends', { caller: customer(), query: { cursor: first.body.next_cursor } })
    assert.equal(mine.problem.code, 'INVALID_CURSOR')
  })
})

describe('read-relations', () => {
  test('tells the counts, and how whoever asks stands to them', async () => {
    const [ada, bob] = [customer(), customer()]
    await follow(ada, bob)
    const counts = { userId: bob.sub, followers: 1, following: 0, friends: 0 }
    const answer = await read(ada, bob)
    assert.deepEqual(answer.body, { ...counts, amIFollowing: true, followsMe: false })
    assert.deepEqual(spent(answer.database), budgets['read-relations'])
    assert.deepEqual(spent((await read(bob, bob)).database), budgets['read-relations: of oneself'])
    const other = await read(bob, ada)
    assert.deepEqual(
      { amIFollowing: other.body.amIFollowing, followsMe: other.body.followsMe },
      { amIFollowing: false, followsMe: true },
    )
    assert.deepEqual((await read(guest(), bob)).body, { ...counts, amIFollowing: false, followsMe: false })
  })

  test('a user who does not exist is not found', async () => {
    const nobody = customer()
    strangers.add(nobody.sub)
    assert.equal((await read(customer(), nobody)).status, 404)
    assert.equal((await read(customer(), customer())).status, 200)
  })
})

describe('the cost of a request', () => {
  /** An edge as a follow would have written it, thousands of them at once. */
  const edge = (followerId: string, followedId: string, index: number) => {
    const since = `2026-01-01T00:00:${String(index % 60).padStart(2, '0')}.${String(index).padStart(3, '0').slice(-3)}Z`
    return {
      pk: `pair#${[followerId, followedId].toSorted().join('#')}`,
      sk: followerId,
      followerId,
      followedId,
      since,
      version: 1,
      sequence: 1,
      gsi1pk: `following#${followerId}`,
      gsi1sk: `${since}#${followedId}`,
      gsi2pk: `followers#${followedId}#${followerId.charCodeAt(followerId.length - 1) % 4}`,
      gsi2sk: `${since}#${followerId}`,
    }
  }

  test('is the same for a popular user as for one with ten followers', async () => {
    const [star, ada] = [customer(), customer()]
    await Promise.all(Array.from({ length: 300 }, (_, index) => service.put(edge(someId('usr'), star.sub, index))))
    await Promise.all(Array.from({ length: 10 }, (_, index) => service.put(edge(someId('usr'), ada.sub, index))))
    for (const who of [star, ada]) {
      const page = await list('listFollowers', who, { limit: '5' })
      assert.equal(page.body.data.length, 5)
      assert.deepEqual(
        page.database.map(({ operation, input }) => [operation, input.Limit]),
        Array(4).fill(['Query', 7]),
      )
      assert.equal((await read(customer(), who)).database.length, 5)
      assert.deepEqual(spent((await follow(customer(), who)).database), budgets['follow-user'])
    }
  })
})

test('any sequence of three people: lists, marks and counts are what a plain set says', async () => {
  const step = fc.record({ who: fc.nat(2), whom: fc.nat(2), follows: fc.boolean() })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      const people = [customer(), customer(), customer()]
      const model = new Set<string>()
      for (const { who, whom, follows } of steps) {
        const [me, them] = [people[who], people[whom]]
        if (!me || !them || me === them) continue
        await (follows ? follow : unfollow)(me, them)
        model[follows ? 'add' : 'delete'](`${me.sub} ${them.sub}`)
      }
      for (const me of people) {
        const others = people.filter((other) => other !== me).map(({ sub }) => sub)
        const followers = others.filter((other) => model.has(`${other} ${me.sub}`))
        const following = others.filter((other) => model.has(`${me.sub} ${other}`))
        const friends = followers.filter((other) => following.includes(other))
        assert.deepEqual(idsOf(await list('listFollowers', me)).toSorted(), followers.toSorted())
        assert.deepEqual(idsOf(await list('listFollowing', me)).toSorted(), following.toSorted())
        assert.deepEqual(idsOf(await friendsOf(me)).toSorted(), friends.toSorted())
        assert.deepEqual(await countsOf(me), {
          followers: followers.length,
          following: following.length,
          friends: friends.length,
        })
      }
    }),
    { numRuns: 6 },
  )
})
