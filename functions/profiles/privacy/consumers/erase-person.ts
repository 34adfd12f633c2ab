import { consume } from '../../../../shared/runtime/consume.ts'
import { eraseAndReport, throughPages } from '../../../../shared/runtime/erasure.ts'
import type { PartsOf } from '../../../../shared/runtime/instance.ts'
import { personErased } from '../../../published/profiles.ts'
import { consumers } from '../../contract.ts'
import type { Profile } from '../../domain.ts'
import * as parts from '../../parts.ts'
import { pictureKeyOf } from '../../pictures/domain.ts'
import type { Picture } from '../../pictures/table.ts'
import type { Held } from '../table.ts'

const needed = { table: parts.table, person: parts.person, pictures: parts.pictures, store: parts.store }
type Given = PartsOf<typeof needed>

/** One that was changed meanwhile stays for the next run: it may have another picture. */
const eraseProfile = async ({ person, store }: Given, profile: Profile): Promise<boolean> => {
  if (profile.avatar !== undefined) await store.remove(pictureKeyOf(profile.avatar))
  return person.removeProfile(profile)
}

/** One that somebody may be writing this very moment is given up now, and forgotten by the next run. */
const erasePicture = async ({ pictures, store }: Given, picture: Picture, isGoing: boolean): Promise<boolean> => {
  if (!isGoing) await pictures.giveUp(picture)
  await store.remove(pictureKeyOf(picture.name))
  if (isGoing) await pictures.forget(picture)
  return isGoing
}

const erase = async (given: Given, userId: string, held: Held): Promise<boolean> => {
  switch (held.kind) {
    case 'profile':
      return eraseProfile(given, held.profile)
    case 'picture':
      return erasePicture(given, held.picture, held.isGoing)
    case 'addresses':
      await given.person.removeAddresses(userId)
      return true
  }
}

/** What is in the store goes before what tells of it. */
export const handler = consume(consumers.erasePerson, needed, function erasePerson({ data }, given) {
  return eraseAndReport(given.table, personErased, data, () =>
    throughPages(
      (startKey) => given.person.page(data.userId, startKey),
      (held) => erase(given, data.userId, held),
    ),
  )
})
