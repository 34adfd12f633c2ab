/**
 * | item or index | pk | sk |
 * |---|---|---|
 * | an edge: that one follows another, or did | `pair#<lesser id>#<greater id>` | `<followerId>` |
 * | a part of someone's counts, of 32 | `counts#<hash of userId>#<0..3>` | `shard#<0..7>` |
 * | gsi1, keys only: whom someone follows | `following#<followerId>` | `<since>#<followedId>` |
 * | gsi2, keys only: who follows someone | `followers#<followedId>#<0..3>` | `<since>#<followerId>` |
 * | gsi3, keys only: someone's friends | `friends#<followerId>` | `<friendsSince>#<followedId>` |
 *
 * An edge that is over stands in `was-following#<followerId>` of gsi1 and `was-followed#<followedId>#<0..3>` of gsi2, by its
 * end. Counts of someone erased hold nothing but a mark. The feed's keys are in feed/table.ts.
 */
import * as z from 'zod/mini'
import { type NewEvent, nextVersion } from '../../shared/runtime/outbox.ts'
import { type Change, type Expression, type Item, notThere, type Table, versionIs } from '../../shared/runtime/table.ts'
import { type Counts, countsChanged, type Edge, type Listed, noEdge, type Pair, pageOf, sumOfCounts } from './domain.ts'
import { countsKeyOf, countsOf, edgeKeyOf, partitionOf, partitions } from './keys.ts'

const StoredEdge = z.object({
  followerId: z.string(),
  followedId: z.string(),
  since: z.optional(z.string()),
  until: z.optional(z.string()),
  friendsSince: z.optional(z.string()),
  version: z.int(),
  sequence: z.int(),
})

const StoredCounts = z.object({
  followers: z._default(z.int(), 0),
  following: z._default(z.int(), 0),
  friends: z._default(z.int(), 0),
})

const indexKeysOf = ({ followerId, followedId, since, until, friendsSince }: Edge): Record<string, string> =>
  since === undefined
    ? {
        gsi1pk: `was-following#${followerId}`,
        gsi1sk: `${until}#${followedId}`,
        gsi2pk: `was-followed#${followedId}#${partitionOf(followerId)}`,
        gsi2sk: `${until}#${followerId}`,
      }
    : {
        gsi1pk: `following#${followerId}`,
        gsi1sk: `${since}#${followedId}`,
        gsi2pk: `followers#${followedId}#${partitionOf(followerId)}`,
        gsi2sk: `${since}#${followerId}`,
        ...(friendsSince === undefined
          ? {}
          : { gsi3pk: `friends#${followerId}`, gsi3sk: `${friendsSince}#${followedId}` }),
      }

/** The lists of people, and the partitions that each is made of. */
const lists = {
  following: { index: 'gsi1', partitionsOf: (userId: string) => [`following#${userId}`] },
  followers: {
    index: 'gsi2',
    partitionsOf: (userId: string) => partitions.map((partition) => `followers#${userId}#${partition}`),
  },
  friends: { index: 'gsi3', partitionsOf: (userId: string) => [`friends#${userId}`] },
  wasFollowing: { index: 'gsi1', partitionsOf: (userId: string) => [`was-following#${userId}`] },
  wasFollowed: {
    index: 'gsi2',
    partitionsOf: (userId: string) => partitions.map((partition) => `was-followed#${userId}#${partition}`),
  },
} as const

export type List = keyof typeof lists

const listedOf = (place: string): Listed => {
  const [since = '', userId = ''] = place.split('#')
  return { userId, since, place }
}

/** Somebody who was erased has no counts any more, and gets no new ones. */
export const countsNotErased: Expression = { expression: 'attribute_not_exists(#erased)' }

export const countsChange = <Label extends string>(
  userId: string,
  otherId: string,
  { followers, following, friends }: Counts,
  erased: Label,
): Change<Label> => ({
  update: countsKeyOf(userId, otherId),
  set: {
    expression:
      'SET #followers = if_not_exists(#followers, :zero) + :followers, #following = if_not_exists(#following, :zero) + :following, #friends = if_not_exists(#friends, :zero) + :friends',
    values: { ':zero': 0, ':followers': followers, ':following': following, ':friends': friends },
  },
  when: countsNotErased,
  else: erased,
})

export const unchanged = ({ version }: Edge): Expression => (version === 0 ? notThere : versionIs(version))

/** What became of a change. Of those who are erased nothing is written any more. */
export type Changed = 'written' | 'lost' | 'I am erased' | 'they are erased'

export const relationsTable = (table: Table) => {
  const edgeChange = (before: Edge, after: Edge, newEvents: readonly NewEvent[]): Change<'lost'> => {
    const key = edgeKeyOf(before)
    if (before === after) return { check: key, when: unchanged(before), else: 'lost' }
    const id = `${before.followerId}-${before.followedId}`
    const next = nextVersion(id, before, newEvents)
    return { put: { ...key, ...after, ...indexKeysOf(after), ...next }, when: unchanged(before), else: 'lost' }
  }

  return {
    /** Between somebody and themselves there is nothing, and nothing to read. */
    async getPair(me: string, them: string): Promise<Pair> {
      const [mine, theirs] = [noEdge(me, them), noEdge(them, me)]
      if (me === them) return { mine, theirs }
      const items = await table.batchGet([edgeKeyOf(mine), edgeKeyOf(theirs)])
      const edges = items.map((item) => StoredEdge.parse(item))
      return {
        mine: edges.find(({ followerId }) => followerId === me) ?? mine,
        theirs: edges.find(({ followerId }) => followerId === them) ?? theirs,
      }
    },

    /**
     * Writes both edges, as far as they have changed, and the counts of both people, or nothing.
     * @param facts of my edge @returns `lost` when another change came first
     */
    async change(before: Pair, after: Pair, newEvents: readonly NewEvent[]): Promise<Changed> {
      const { followerId: me, followedId: them } = before.mine
      const counts = countsChanged(before, after)
      const written = await table.write([
        edgeChange(before.mine, after.mine, newEvents),
        edgeChange(before.theirs, after.theirs, []),
        countsChange(me, them, counts.mine, 'I am erased'),
        countsChange(them, me, counts.theirs, 'they are erased'),
      ])
      return written.ok ? 'written' : written.failed
    },

    /** The same few reads however many there are to count. */
    async counts(userId: string): Promise<Counts> {
      const pages = await Promise.all(
        partitions.map((partition) => table.query({ pk: countsOf(userId, partition), sk: { beginsWith: 'shard#' } })),
      )
      return sumOfCounts(pages.flatMap(({ items }) => items.map((item: Item) => StoredCounts.parse(item))))
    },

    /** @param after the place where the last page ended */
    async list(list: List, userId: string, limit: number, after?: string) {
      const { index, partitionsOf } = lists[list]
      const sk = after === undefined ? {} : { sk: { between: ['0', after] as const } }
      const pages = await Promise.all(
        partitionsOf(userId).map((pk) => table.query({ index, pk, ...sk, backward: true, limit: limit + 2 })),
      )
      const found = pages.map(({ items }) => items.map((item) => listedOf(String(item[`${index}sk`]))))
      return pageOf(found, limit, after)
    },
  }
}

export type RelationsTable = ReturnType<typeof relationsTable>
