/**
 * Pictures that lie in the store, or may, without anyone being shown by them. Each has an item from before it is written
 * until after it is removed, so none is forgotten wherever a function ends. Keys: see table.ts.
 */
import * as z from 'zod/mini'
import { isoTime, now } from '../../../shared/runtime/clock.ts'
import { dueKeys, listDue } from '../../../shared/runtime/due-index.ts'
import { type Change, type Expression, isThere, notThere, type Table } from '../../../shared/runtime/table.ts'
import type { Profile } from '../domain.ts'
import { profileWrite } from '../table.ts'

export type Picture = { userId: string; name: string }

/** Milliseconds that a picture may stand unused after it was announced: thirty times what a function may take. */
const stagedForMs = 10 * 60_000

export const StoredPicture = z.object({ going: z.optional(z.boolean()) })

const keyOf = ({ userId, name }: Picture) => ({ pk: `user#${userId}`, sk: `picture#${name}` })

/** Ends in the user's id, by whose last digit the index spreads. */
const idOf = ({ userId, name }: Picture): string => `${name}#${userId}`
const pictureOf = (id: string): Picture => {
  const [name = '', userId = ''] = id.split('#')
  return { userId, name }
}

const mayStay: Expression = { expression: 'attribute_exists(pk) AND attribute_not_exists(#going)' }

/** Whether the profile was written; or another write came first, or the picture is about to be removed. */
export type Chosen = { profile: Profile } | 'lost' | 'gone'

export const picturesTable = (table: Table) => {
  const itemOf = (picture: Picture, dueAtMs: number) => ({
    ...keyOf(picture),
    ...dueKeys('gsi1', 'picture', idOf(picture), isoTime(dueAtMs)),
  })

  return {
    /** Announces a picture that is about to be written. @returns false when one of that name is about to be removed */
    async stage(picture: Picture): Promise<boolean> {
      const written = await table.write([{ put: itemOf(picture, now() + stagedForMs), when: notThere, else: 'there' }])
      return written.ok || StoredPicture.parse(written.item ?? {}).going !== true
    },

    /** In one transaction: the profile's next version, and that the picture before, from now on, is to be removed. */
    async choose(after: Profile, before: Profile): Promise<Chosen> {
      const { userId } = after
      const { change, written } = profileWrite(after, before)
      const changes: Change<'lost' | 'gone'>[] = [change]
      if (after.avatar !== undefined)
        changes.push({ delete: keyOf({ userId, name: after.avatar }), when: mayStay, else: 'gone' })
      if (before.avatar !== undefined)
        changes.push({ put: { ...itemOf({ userId, name: before.avatar }, now()), going: true } })
      const outcome = await table.write(changes)
      return outcome.ok ? { profile: written } : outcome.failed
    },

    /** Lists those whose time is over; the index lags behind by a moment. @param limit of each partition */
    async listDue(limit: number): Promise<Picture[]> {
      const ids = await listDue(table, 'gsi1', 'picture')(limit)
      return ids.map(pictureOf)
    },

    /** Decides that a picture goes: nobody can choose it from then on. @returns false when somebody has, or it is gone */
    async giveUp(picture: Picture): Promise<boolean> {
      const set: Expression = { expression: 'SET #going = :yes', values: { ':yes': true } }
      const { ok } = await table.write([{ update: keyOf(picture), set, when: isThere, else: 'gone' }])
      return ok
    },

    /** Forgets a picture that is in the store no more. */
    async forget(picture: Picture): Promise<void> {
      await table.write([{ delete: keyOf(picture) }])
    },
  }
}

export type PicturesTable = ReturnType<typeof picturesTable>
