/** The rules of following against the plainest model there is: a set of who follows whom. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  areFriends,
  type Counts,
  countsChanged,
  followed,
  type Listed,
  noEdge,
  type Pair,
  pageOf,
  sumOfCounts,
  turned,
  unfollowed,
} from '../../../functions/relations/domain.ts'
import { fc } from '../../support/property.ts'

const nobody: Pair = { mine: noEdge('a', 'b'), theirs: noEdge('b', 'a') }
const none: Counts = { followers: 0, following: 0, friends: 0 }

describe('following', () => {
  test('begins once, ends once', () => {
    const once = followed(nobody, '1')
    assert.ok(once)
    assert.equal(followed(once, '2'), undefined)
    assert.equal(unfollowed(nobody, '2'), undefined)
    const over = unfollowed(once, '2')
    assert.ok(over)
    assert.equal(unfollowed(over, '3'), undefined)
    assert.deepEqual(over.theirs, nobody.theirs)
  })

  test('each other makes friends, and one who ends it ends it for both', () => {
    const one = followed(nobody, '1')
    const both = one && followed(turned(one), '2')
    assert.ok(both && areFriends(both) && areFriends(turned(both)))
    assert.deepEqual(
      { mineFriendsSince: both.mine.friendsSince, theirsFriendsSince: both.theirs.friendsSince },
      { mineFriendsSince: '2', theirsFriendsSince: '2' },
    )
    const over = unfollowed(both, '3')
    assert.ok(over && !areFriends(over) && !areFriends(turned(over)))
    assert.equal(over.theirs.since, '1')
  })

  test('any sequence of both people: edges, marks and counts are what a plain set says', () => {
    const step = fc.record({ who: fc.constantFrom('a', 'b'), follows: fc.boolean() })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const model = new Set<string>()
        let pair = nobody
        let [a, b] = [none, none]
        for (const [index, { who, follows }] of steps.entries()) {
          const seen = who === 'a' ? pair : turned(pair)
          const next = follows ? followed(seen, String(index)) : unfollowed(seen, String(index))
          assert.equal(next !== undefined, follows !== model.has(who))
          if (follows) model.add(who)
          else model.delete(who)
          if (!next) continue
          const after = who === 'a' ? next : turned(next)
          const { mine, theirs } = countsChanged(pair, after)
          ;[a, b] = [sumOfCounts([a, mine]), sumOfCounts([b, theirs])]
          pair = after
          const friends = model.size === 2 ? 1 : 0
          assert.deepEqual(
            { pairAreFriends: areFriends(pair), turnedAreFriends: areFriends(turned(pair)) },
            { pairAreFriends: friends === 1, turnedAreFriends: friends === 1 },
          )
          const [byA, byB] = [model.has('a') ? 1 : 0, model.has('b') ? 1 : 0]
          assert.deepEqual(a, { following: byA, followers: byB, friends })
          assert.deepEqual(b, { following: byB, followers: byA, friends })
        }
      }),
      { numRuns: 200 },
    )
  })
})

describe('pages', () => {
  const listed = (place: number): Listed => ({ userId: `u${place}`, since: '', place: String(place).padStart(3, '0') })

  test('of lists that are spread out: everybody once, in order, whatever the size of a page', () => {
    const places = fc.uniqueArray(fc.integer({ min: 0, max: 999 }), { maxLength: 40 })
    fc.assert(
      fc.property(places, fc.integer({ min: 1, max: 7 }), (numbers, limit) => {
        const all = numbers.map(listed).toSorted((a, b) => (a.place > b.place ? -1 : 1))
        const found: Listed[] = []
        let after: string | undefined
        do {
          const reached = after
          // As the table gives them: the first of each partition, from where the last page ended, that one included.
          const lists = [0, 1, 2].map((partition) =>
            all
              .filter(({ place }) => Number(place) % 3 === partition && (reached === undefined || place <= reached))
              .slice(0, limit + 2),
          )
          const { people, next } = pageOf(lists, limit, reached)
          assert.ok(people.length <= limit)
          found.push(...people)
          after = next
        } while (after !== undefined)
        assert.deepEqual(found, all)
      }),
      { numRuns: 100 },
    )
  })
})
