import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, beforeEach, describe, test } from 'node:test'
import { profileUpdated } from '../../../functions/published/profiles.ts'
import { reviewPublished } from '../../../functions/published/reviews.ts'
import { wishlistItemAdded } from '../../../functions/published/wishlist.ts'
import { relations } from '../../../functions/relations/contract.ts'
import { spent } from '../../support/round-trips.ts'
import {
  customer,
  guest,
  type Json,
  someEvent,
  someId,
  startService,
  type TestCaller,
  type TestQuery,
} from '../../support/service.ts'
import { budgets } from './budgets.ts'

/** Messages put aside for the task. */
let deferred: Json[] = []

const service = await startService(
  relations,
  {
    procedures: {
      'identity-find-user': (input) => {
        const { userId } = input as { userId: string }
        return { user: { id: userId, createdAt: '2026-01-01T00:00:00.000Z' } }
      },
      'profiles-public-profiles': (input) => ({
        profiles: (input as { userIds: string[] }).userIds.map((userId) => ({
          userId,
          nickname: userId.slice(-4),
          avatarUrl: '/avatars/default.svg',
        })),
      }),
    },
    operations: {
      SendMessage: ({ MessageBody }) => {
        deferred.push(JSON.parse(String(MessageBody)).message)
        return { MessageId: '1', MD5OfMessageBody: createHash('md5').update(String(MessageBody)).digest('hex') }
      },
    },
  },
  { NOTIFY_FRIENDS_QUEUE_URL: 'https://sqs.example/notify-friends' },
)
after(() => service.stop())
beforeEach(() => {
  deferred = []
  service.fakes.fails = undefined
})
const during = async (act: () => Promise<unknown>): Promise<string[]> => {
  const before = service.database.length
  await act()
  return service.database.slice(before).map(({ operation }) => operation)
}
const follow = (me: TestCaller, them: TestCaller) =>
  service.request('followUser', { caller: me, params: { userId: them.sub } })
const unfollow = (me: TestCaller, them: TestCaller) =>
  service.request('unfollowUser', { caller: me, params: { userId: them.sub } })
const befriend = async (me: TestCaller, them: TestCaller) => {
  await follow(me, them)
  await follow(them, me)
}
/** RFC 3339, so many seconds from now. */
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString()

const profile = (who: TestCaller, showsActivity: boolean, sequence = 1, time = inSeconds(-60), since?: string) => {
  const shown = { userId: who.sub, nickname: '', avatarUrl: '/avatars/default.svg', showsActivity }
  const data = since === undefined ? shown : { ...shown, showsActivitySince: since }
  return someEvent(profileUpdated, who.sub, data, { sequence, time })
}
const show = (who: TestCaller, shows = true, sequence = 1, time = inSeconds(-60), since?: string) =>
  service.deliver('recordVisibility', [profile(who, shows, sequence, time, since)])
const reviewed = (who: TestCaller, time = inSeconds(1)) => {
  const data = {
    reviewId: someId('rev'),
    productId: someId('prd'),
    userId: who.sub,
    rating: 4,
    title: 'Holds its heat',
  }
  return someEvent(reviewPublished, data.reviewId, data, { time })
}
const wished = (who: TestCaller, sku: string, time = inSeconds(1)) =>
  someEvent(wishlistItemAdded, who.sub, { userId: who.sub, sku }, { time })
const tell = (...events: Parameters<typeof service.deliver>[1][number][]) => service.deliver('recordActivity', events)
const feed = (me: TestCaller, query: TestQuery = {}) => service.request('readFeed', { caller: me, query })
const skusOf = ({ body }: { body: Json }) => body.data.map(({ sku }: Json) => sku)

/** Two friends, of whom the second shows what they do. */
const friends = async () => {
  const [me, friend] = [customer(), customer()]
  await befriend(me, friend)
  await show(friend)
  return { me, friend }
}

describe('record-visibility', () => {
  test('the newest counts, in whatever order it comes, once', async () => {
    const { me, friend } = await friends()
    await show(friend, false, 3)
    await show(friend, true, 2)
    await tell(wished(friend, 'A'))
    assert.deepEqual(skusOf(await feed(me)), [])
    assert.deepEqual(spent(await during(() => show(friend, true, 4))), budgets['record-visibility'])
    await show(friend, true, 4)
    await tell(wished(friend, 'A'))
    assert.deepEqual(skusOf(await feed(me)), ['A'])
  })

  test('what was done before it was shown stays hidden; what they change of their profile later hides nothing', async () => {
    const { me, friend } = await friends()
    await show(friend, false, 2)
    await show(friend, true, 3, inSeconds(10))
    await tell(wished(friend, 'BEFORE', inSeconds(5)), wished(friend, 'AFTER', inSeconds(20)))
    await show(friend, true, 4, inSeconds(30))
    assert.deepEqual(skusOf(await feed(me)), ['AFTER'])
  })
})

describe('record-visibility, out of order', () => {
  test('what was done while it was hidden stays hidden, also where the news of hiding it comes last', async () => {
    const [me, friend] = [customer(), customer()]
    await befriend(me, friend)
    await show(friend, true, 1, inSeconds(-60), inSeconds(-60))
    // Hidden five seconds from now (2), and shown again after ten (3): heard the other way round.
    await show(friend, true, 3, inSeconds(10), inSeconds(10))
    await show(friend, false, 2, inSeconds(5))
    await tell(wished(friend, 'HIDDEN', inSeconds(7)), wished(friend, 'SHOWN', inSeconds(12)))
    assert.deepEqual(skusOf(await feed(me)), ['SHOWN'])
  })
})

describe('record-activity', () => {
  test('tells friends, and them only', async () => {
    const { me, friend } = await friends()
    const [follower, followed] = [customer(), customer()]
    await follow(follower, friend)
    await follow(friend, followed)
    const event = reviewed(friend)
    const trips = await during(() => tell(event))
    assert.deepEqual(trips, ['TransactWriteItems', 'Query', 'TransactWriteItems'])
    for (const stranger of [follower, followed, friend]) assert.deepEqual((await feed(stranger)).body.data, [])
    const { reviewId, productId, rating, title } = event.data
    assert.deepEqual((await feed(me)).body, {
      data: [
        {
          kind: 'review',
          ...{ reviewId, productId, rating, title },
          at: event.time,
          person: { userId: friend.sub, nickname: friend.sub.slice(-4), avatarUrl: '/avatars/default.svg' },
        },
      ],
      next_cursor: null,
    })
  })

  test('nothing of those who do not show it, or of whom nothing was heard', async () => {
    const [me, friend] = [customer(), customer()]
    await befriend(me, friend)
    assert.deepEqual(spent(await during(() => tell(wished(friend, 'A')))), budgets['record-activity'])
    await show(friend, false)
    await tell(wished(friend, 'B'))
    await show(friend, true, 2)
    assert.deepEqual((await feed(me)).body.data, [])
    assert.deepEqual(
      (await service.items()).filter(({ pk }) => pk === `activities#${friend.sub}`),
      [],
    )
  })

  test('once, however often it comes; and wishing again for the same is not told again', async () => {
    const { me, friend } = await friends()
    const event = wished(friend, 'A')
    assert.deepEqual(await tell(event, event), [])
    await tell(event)
    await tell(wished(friend, 'A', inSeconds(5)))
    assert.deepEqual(skusOf(await feed(me)), ['A'])
  })

  test('broken off in the middle, it goes on when it comes again', async () => {
    const { me, friend } = await friends()
    const other = customer()
    await befriend(other, friend)
    let writes = 0
    service.fakes.fails = ({ operation }) => {
      if (operation !== 'TransactWriteItems') return false
      writes += 1
      return writes === 3
    }
    const event = wished(friend, 'A')
    assert.deepEqual(await tell(event), [event.id])
    service.fakes.fails = undefined
    assert.deepEqual(await tell(event), [])
    for (const reader of [me, other]) assert.deepEqual(skusOf(await feed(reader)), ['A'])
  })
})

describe('notify-friends', () => {
  test('those with many friends have them told a hundred at a time', async () => {
    const star = customer()
    await show(star)
    const since = inSeconds(-3600)
    const fans = Array.from({ length: 230 }, customer)
    const edge = (followerId: string, followedId: string) => ({
      pk: `pair#${[followerId, followedId].toSorted().join('#')}`,
      sk: followerId,
      ...{ followerId, followedId, since, friendsSince: since, version: 1, sequence: 1 },
      gsi3pk: `friends#${followerId}`,
      gsi3sk: `${since}#${followedId}`,
    })
    await Promise.all(fans.flatMap(({ sub }) => [service.put(edge(sub, star.sub)), service.put(edge(star.sub, sub))]))
    const first = await during(() => tell(wished(star, 'A')))
    assert.equal(first.length, 1 + 1 + 100)
    let steps = 0
    for (let message = deferred.pop(); message; message = deferred.pop()) {
      steps += 1
      assert.deepEqual(await service.work('notifyFriends', [message, message]), [])
      // Both copies of the message leave one behind: told once all the same.
      deferred = deferred.slice(0, 1)
    }
    assert.equal(steps, 2)
    const told = (await service.items()).filter(({ pk, sk }) => pk.startsWith('feed#') && sk.endsWith(star.sub))
    assert.equal(told.length, fans.length)
    assert.equal(new Set(told.map(({ pk }) => pk)).size, fans.length)
  })
})

describe('read-feed', () => {
  test('page by page, newest first, two reads each', async () => {
    const { me, friend } = await friends()
    for (const [index, sku] of ['A', 'B', 'C'].entries()) await tell(wished(friend, sku, inSeconds(index + 1)))
    const first = await feed(me, { limit: '2' })
    assert.deepEqual(
      { skus: skusOf(first), trips: spent(first.database) },
      { skus: ['C', 'B'], trips: budgets['read-feed'] },
    )
    const rest = await feed(me, { limit: '2', cursor: first.body.next_cursor })
    assert.deepEqual({ skus: skusOf(rest), next_cursor: rest.body.next_cursor }, { skus: ['A'], next_cursor: null })
    const foreign = await feed(customer(), { cursor: first.body.next_cursor })
    assert.equal(foreign.problem.code, 'INVALID_CURSOR')
    assert.equal((await feed(guest())).problem.code, 'ACCOUNT_NEEDED')
    assert.deepEqual(spent((await feed(customer())).database), budgets['read-feed: empty'])
  })

  test('what friends do vanishes at once when they hide it, or when one of both ends the friendship', async () => {
    const hidden = await friends()
    await tell(wished(hidden.friend, 'A'))
    await show(hidden.friend, false, 2)
    assert.deepEqual(skusOf(await feed(hidden.me)), [])
    for (const ends of ['me', 'friend'] as const) {
      const pair = await friends()
      await tell(wished(pair.friend, 'A'))
      assert.deepEqual(skusOf(await feed(pair.me)), ['A'])
      await unfollow(pair[ends], ends === 'me' ? pair.friend : pair.me)
      assert.deepEqual(skusOf(await feed(pair.me)), [])
    }
  })

  test('what was done before they were friends is not told, nor after they are no longer', async () => {
    const { me, friend } = await friends()
    await tell(wished(friend, 'BEFORE', inSeconds(-30)))
    await unfollow(friend, me)
    await tell(wished(friend, 'MEANWHILE'))
    await follow(friend, me)
    await tell(wished(friend, 'AFTER', inSeconds(5)))
    assert.deepEqual(skusOf(await feed(me)), ['AFTER'])
  })

  test('fills a page from behind what is hidden, within a bound', async () => {
    const { me, friend } = await friends()
    const shy = customer()
    await befriend(me, shy)
    await show(shy)
    await tell(wished(friend, 'OLD', inSeconds(1)))
    for (const [index, sku] of ['A', 'B', 'C', 'D', 'E', 'F', 'G'].entries())
      await tell(wished(shy, sku, inSeconds(2 + index)))
    await show(shy, false, 2)
    const first = await feed(me, { limit: '2' })
    assert.deepEqual(
      { skus: skusOf(first), trips: spent(first.database) },
      { skus: [], trips: budgets['read-feed: most of it hidden'] },
    )
    assert.deepEqual(skusOf(await feed(me, { limit: '2', cursor: first.body.next_cursor })), ['OLD'])
    assert.deepEqual(skusOf(await feed(me, { limit: '5' })), ['OLD'])
  })
})
