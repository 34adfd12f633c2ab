/**
 * | item or index | pk | sk |
 * |---|---|---|
 * | since when someone shows what they do | `person#<userId>` | `person` |
 * | that a deed is told, kept 90 days | `deeds#<actorId>` | `<deedId>` |
 * | a deed in a friend's feed, kept 90 days | `feed#<friendId>` | `<at>#<deedId>#<actorId>` |
 * | gsi1, keys only: where someone's deeds were told | `told#<actorId>` | `<at>#<deedId>#<friendId>` |
 */
import * as z from 'zod/mini'
import { now } from '../../../shared/runtime/clock.ts'
import { notErased } from '../../../shared/runtime/erasure.ts'
import { after } from '../../../shared/runtime/export.ts'
import { type Item, type Key, notThere, type Table } from '../../../shared/runtime/table.ts'
import { isSeen, noEdge } from '../domain.ts'
import { edgeKeyOf } from '../keys.ts'
import { Deed } from './contract.ts'

const keptSeconds = 90 * 24 * 60 * 60

const StoredPerson = z.object({ userId: z.string(), showsSince: z.optional(z.string()) })
const StoredFriend = z.object({ followedId: z.string(), friendsSince: z.optional(z.string()) })

const personKeyOf = (userId: string) => ({ pk: `person#${userId}`, sk: 'person' })
const deedsOf = (actorId: string): string => `deeds#${actorId}`
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
    async noteVisibility(userId: string, { shows, since, at }: Visibility, sequence: number): Promise<void> {
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
     * Takes a deed on to be told, once for all that is done again. Whether its actor shows it is part of the write.
     * @returns whether it is to be told, because of this event, now or when it came before
     */
    async takeOn(deed: Deed, eventId: string): Promise<boolean> {
      const written = await table.write([
        {
          put: { pk: deedsOf(deed.actorId), sk: deed.id, at: deed.at, eventId, expiresAt: expiresAt() },
          when: notThere,
          else: 'taken on',
        },
        {
          check: personKeyOf(deed.actorId),
          when: { expression: '#showsSince <= :at', values: { ':at': deed.at } },
          else: 'hidden',
        },
      ])
      return written.ok || (written.failed === 'taken on' && written.item?.eventId === eventId)
    },

    /** Once; and not to someone who is no longer a friend, or was none then. */
    async tell(friendId: string, deed: Deed): Promise<void> {
      const { actorId, at, id } = deed
      await table.write([
        {
          put: {
            pk: feedOf(friendId),
            sk: `${at}#${id}#${actorId}`,
            ...deed,
            gsi1pk: `told#${actorId}`,
            gsi1sk: `${at}#${id}#${friendId}`,
            expiresAt: expiresAt(),
          },
          when: notThere,
          else: 'told',
        },
        {
          check: edgeKeyOf(noEdge(friendId, actorId)),
          when: { expression: '#friendsSince <= :at', values: { ':at': at } },
          else: 'no friend',
        },
      ])
    },

    /** Keys of what there is of someone: what they did and where it was told, what they were told, what they show. */
    async listKept(userId: string, limit: number): Promise<Key[]> {
      const pages = await Promise.all([
        table.query({ pk: feedOf(userId), limit }),
        table.query({ index: 'gsi1', pk: `told#${userId}`, limit }),
        table.query({ pk: deedsOf(userId), limit }),
        table.query({ pk: personKeyOf(userId).pk, limit }),
      ])
      return pages.flatMap(({ items }) => items.map(({ pk, sk }) => ({ pk: String(pk), sk: String(sk) })))
    },

    async remove(key: Key): Promise<void> {
      await table.write([{ delete: key }])
    },

    /** What someone did that friends were told of: as `export-person` gives it. */
    async deedsOfPerson(userId: string, position: string | undefined, limit: number) {
      const { items, lastKey } = await table.query({ pk: deedsOf(userId), sk: after(position), limit })
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
      return { deeds: items.map((item) => Deed.parse(item)), lastKey }
    },

    /** Those of the deeds that may be seen now: by a friend, of someone who shows them. */
    async seen(userId: string, deeds: readonly Deed[]): Promise<Deed[]> {
      const actors = [...new Set(deeds.map(({ actorId }) => actorId))]
      const items: Item[] = []
      for (let from = 0; from < actors.length; from += peoplePerBatch) {
        const some = actors.slice(from, from + peoplePerBatch)
        const keys = some.flatMap((actorId) => [edgeKeyOf(noEdge(userId, actorId)), personKeyOf(actorId)])
        for (const item of await table.batchGet(keys)) items.push(item)
      }
      const isPerson = ({ sk }: Item) => sk === 'person'
      const people = items.filter(isPerson).map((item) => StoredPerson.parse(item))
      const friends = items.filter((item) => !isPerson(item)).map((item) => StoredFriend.parse(item))
      return deeds.filter(({ actorId, at }) =>
        isSeen(at, {
          showsSince: people.find((person) => person.userId === actorId)?.showsSince,
          friendsSince: friends.find((friend) => friend.followedId === actorId)?.friendsSince,
        }),
      )
    },
  }
}

export type FeedTable = ReturnType<typeof feedTable>
