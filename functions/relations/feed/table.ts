/**
 * | item or index | pk | sk |
 * |---|---|---|
 * | since when someone shows what they do | `person#<userId>` | `person` |
 * | that an activity is in feeds, kept 90 days | `activities#<actorId>` | `<activityId>` |
 * | an activity in a friend's feed, kept 90 days | `feed#<friendId>` | `<at>#<activityId>#<actorId>` |
 * | gsi1, keys only: in which feeds someone's activities are | `shown#<actorId>` | `<at>#<activityId>#<friendId>` |
 */

import * as z from 'zod/mini'
import { slicesOf } from '../../../shared/domain/slices.ts'
import { now } from '../../../shared/runtime/clock.ts'
import { notErased } from '../../../shared/runtime/erasure.ts'
import { after } from '../../../shared/runtime/export.ts'
import { type Item, type Key, notThere, type Table } from '../../../shared/runtime/table.ts'
import { isSeen, noEdge } from '../domain.ts'
import { edgeKeyOf } from '../keys.ts'
import { Activity } from './contract.ts'

const keptSeconds = 90 * 24 * 60 * 60

const StoredPerson = z.object({ userId: z.string(), showsSince: z.optional(z.string()) })
const StoredFriend = z.object({ followedId: z.string(), friendsSince: z.optional(z.string()) })

const personKeyOf = (userId: string) => ({ pk: `person#${userId}`, sk: 'person' })
const activitiesOf = (actorId: string): string => `activities#${actorId}`
export const feedOf = (userId: string): string => `feed#${userId}`

/** Keys in one batch: so many people, of each of whom two items are read. */
const peoplePerBatch = 50

type Visibility = { shows: boolean; since: string | undefined; at: string }

export const feedTable = (table: Table) => {
  const expiresAt = (): number => Math.floor(now() / 1000) + keptSeconds

  return {
    /**
     * News of a person that is older than what was heard changes nothing. RFC 3339: `since` when they show what they do,
     * `at` when that was said; without `since` (it was not written down once) the earliest that was heard counts.
     */
    async recordVisibility(userId: string, { shows, since, at }: Visibility, sequence: number): Promise<void> {
      const set = 'SET #userId = :userId, #sequence = :sequence'
      const shown = since === undefined ? 'if_not_exists(#showsSince, :at)' : ':at'
      await table.write([
        notErased(userId),
        {
          update: personKeyOf(userId),
          set: {
            expression: shows ? `${set}, #showsSince = ${shown}` : `${set} REMOVE #showsSince`,
            values: { ':userId': userId, ':sequence': sequence, ...(shows ? { ':at': since ?? at } : {}) },
          },
          when: {
            expression: 'attribute_not_exists(#sequence) OR #sequence < :sequence',
          },
          else: 'older',
        },
      ])
    },

    /**
     * Claims an activity for the feeds, once however often it is repeated; the write checks that its actor shows it.
     * @returns whether this event has claimed it, now or when it was delivered before
     */
    async claim({ actorId, id, at }: Activity, eventId: string): Promise<boolean> {
      const written = await table.write([
        {
          put: { pk: activitiesOf(actorId), sk: id, at, eventId, expiresAt: expiresAt() },
          when: notThere,
          else: 'claimed',
        },
        {
          check: personKeyOf(actorId),
          when: { expression: '#showsSince <= :at', values: { ':at': at } },
          else: 'hidden',
        },
      ])
      return written.ok || (written.failed === 'claimed' && written.item?.eventId === eventId)
    },

    /** Adds it once; and not for someone who is no longer a friend, or was none then. */
    async addToFeed(friendId: string, activity: Activity): Promise<void> {
      const { actorId, at, id } = activity
      await table.write([
        {
          put: {
            pk: feedOf(friendId),
            sk: `${at}#${id}#${actorId}`,
            ...activity,
            gsi1pk: `shown#${actorId}`,
            gsi1sk: `${at}#${id}#${friendId}`,
            expiresAt: expiresAt(),
          },
          when: notThere,
          else: 'shown',
        },
        {
          check: edgeKeyOf(noEdge(friendId, actorId)),
          when: { expression: '#friendsSince <= :at', values: { ':at': at } },
          else: 'no friend',
        },
      ])
    },

    /** Lists keys of all about a person: their activities, the entries of these in feeds, their own feed, what they show. */
    async listKept(userId: string, limit: number): Promise<Key[]> {
      const pages = await Promise.all([
        table.query({ pk: feedOf(userId), limit }),
        table.query({ index: 'gsi1', pk: `shown#${userId}`, limit }),
        table.query({ pk: activitiesOf(userId), limit }),
        table.query({ pk: personKeyOf(userId).pk, limit }),
      ])
      return pages.flatMap(({ items }) => items.map(({ pk, sk }) => ({ pk: String(pk), sk: String(sk) })))
    },

    async remove(key: Key): Promise<void> {
      await table.write([{ delete: key }])
    },

    /** A page of someone's activities, as `export-person` gives them. */
    async activitiesOfPerson(userId: string, position: string | undefined, limit: number) {
      const { items, lastKey } = await table.query({ pk: activitiesOf(userId), sk: after(position), limit })
      const entries = items.map(({ sk, at }) => ({ at: String(sk), record: { what: String(sk), at: String(at) } }))
      return { entries, more: lastKey !== undefined }
    },

    async visibilityOfPerson(userId: string, position: string | undefined) {
      const item = position === undefined ? await table.get(personKeyOf(userId)) : undefined
      const { showsSince } = item ? StoredPerson.parse(item) : {}
      return { entries: showsSince === undefined ? [] : [{ at: showsSince, record: { showsSince } }], more: false }
    },

    async list(userId: string, limit: number, startKey: Item | undefined) {
      const { items, lastKey } = await table.query({ pk: feedOf(userId), backward: true, limit, startKey })
      return { activities: items.map((item) => Activity.parse(item)), lastKey }
    },

    /** Those of the activities that may be seen now: by a friend, of someone who shows them. */
    async seen(userId: string, activities: readonly Activity[]): Promise<Activity[]> {
      const actors = [...new Set(activities.map(({ actorId }) => actorId))]
      const items: Item[] = []
      for (const some of slicesOf(actors, peoplePerBatch)) {
        const keys = some.flatMap((actorId) => [edgeKeyOf(noEdge(userId, actorId)), personKeyOf(actorId)])
        for (const item of await table.batchGet(keys)) items.push(item)
      }
      const isPerson = ({ sk }: Item) => sk === 'person'
      const people = items.filter(isPerson).map((item) => StoredPerson.parse(item))
      const friends = items.filter((item) => !isPerson(item)).map((item) => StoredFriend.parse(item))
      return activities.filter(({ actorId, at }) =>
        isSeen(at, {
          showsSince: people.find((person) => person.userId === actorId)?.showsSince,
          friendsSince: friends.find((friend) => friend.followedId === actorId)?.friendsSince,
        }),
      )
    },
  }
}

export type FeedTable = ReturnType<typeof feedTable>
