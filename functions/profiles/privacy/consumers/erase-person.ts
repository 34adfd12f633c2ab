import { type Bucket, bucket } from '../../../../shared/runtime/bucket.ts'
import { newId, now } from '../../../../shared/runtime/clock.ts'
import { consume } from '../../../../shared/runtime/consume.ts'
import { erasePerson, throughPages } from '../../../../shared/runtime/erasure.ts'
import { setting } from '../../../../shared/runtime/settings.ts'
import { openTable } from '../../../../shared/runtime/table.ts'
import { personErased } from '../../../published/profiles.ts'
import { consumers } from '../../contract.ts'
import type { Profile } from '../../domain.ts'
import { pictureKeyOf } from '../../pictures/domain.ts'
import { type Picture, type PicturesTable, picturesTable } from '../../pictures/table.ts'
import { type Held, type PersonTable, personTable } from '../table.ts'

type Dependencies = {
  person: PersonTable
  pictures: Pick<PicturesTable, 'giveUp' | 'forget'>
  store: Pick<Bucket, 'remove'>
}

/** What is in the store goes before what tells of it. */
export const erasePersonalData = ({ person, pictures, store }: Dependencies) => {
  /** One that was changed meanwhile stays for the next run: it may have another picture. */
  const eraseProfile = async (profile: Profile): Promise<boolean> => {
    if (profile.avatar !== undefined) await store.remove(pictureKeyOf(profile.avatar))
    return person.removeProfile(profile)
  }

  /** One that somebody may be writing this very moment is given up now, and forgotten by the next run. */
  const erasePicture = async (picture: Picture, isGoing: boolean): Promise<boolean> => {
    if (!isGoing) await pictures.giveUp(picture)
    await store.remove(pictureKeyOf(picture.name))
    if (isGoing) await pictures.forget(picture)
    return isGoing
  }

  const erase = async (userId: string, held: Held): Promise<boolean> => {
    switch (held.kind) {
      case 'profile':
        return eraseProfile(held.profile)
      case 'picture':
        return erasePicture(held.picture, held.isGoing)
      case 'addresses':
        await person.removeAddresses(userId)
        return true
    }
  }

  return (userId: string): Promise<boolean> =>
    throughPages(
      (startKey) => person.page(userId, startKey),
      (held) => erase(userId, held),
    )
}

export const handler = consume(consumers.erasePerson, () => {
  const table = openTable()
  const erase = erasePersonalData({
    person: personTable({ table }),
    pictures: picturesTable({ table, now, newId }),
    store: bucket(setting('BUCKET_NAME'), now),
  })
  return erasePerson({ table, personErased, erase, now, newId })
})
