/** Lists of people: a page of ids, and how those want to be shown. */
import * as z from 'zod/mini'
import type { Call } from '../../shared/runtime/call.ts'
import { decodeCursor, defaultLimit, encodeCursor } from '../../shared/runtime/cursor.ts'
import { RefusedInput } from '../../shared/runtime/refused-input.ts'
import type * as profiles from '../published/profiles.ts'
import { profileIn } from '../published/profiles.ts'
import type { Person } from './contract.ts'
import type { List, RelationsTable } from './table.ts'

export type PageOfPeople = { data: z.input<typeof Person>[]; next_cursor: string | null }

/** A moment and an id. */
export const isPlace = (text: string): boolean => /^\d{4}-[\d:.T-]+Z#usr_\w{26}$/.test(text)

/** Where a page ended. A cursor is the client's, so it is looked at before it becomes a condition. */
const Place = z.object({ place: z.string().check(z.refine(isPlace)) })

const placeOf = (scope: string, cursor: string | undefined): string | undefined => {
  const decoded = decodeCursor(scope, cursor)
  const parsed = Place.safeParse(decoded)
  if (decoded && !parsed.success)
    throw new RefusedInput('INVALID_CURSOR', 'This cursor is not one of this list; begin again without it.')
  return parsed.data?.place
}

/** Someone whom profiles do not know, or cannot tell of, stands on the list all the same. */
export const listPeople = async (
  { relations, publicProfiles }: { relations: RelationsTable; publicProfiles: Call<typeof profiles.publicProfiles> },
  list: List,
  userId: string,
  { limit = defaultLimit, cursor }: { limit?: number | undefined; cursor?: string | undefined },
): Promise<PageOfPeople> => {
  const scope = `${list} of ${userId}`
  const { people, next } = await relations.list(list, userId, limit, placeOf(scope, cursor))
  const userIds = people.map((person) => person.userId)
  const known = userIds.length > 0 ? (await publicProfiles({ userIds })).profiles : []
  const shown = profileIn(known)
  return {
    data: people.map((person) => ({ ...shown(person.userId), since: person.since })),
    next_cursor: next === undefined ? null : encodeCursor(scope, { place: next }),
  }
}
