import { provide } from '../../../../shared/runtime/call.ts'
import { newId, now } from '../../../../shared/runtime/clock.ts'
import { exportPerson as exported, type ReadKind } from '../../../../shared/runtime/export.ts'
import { openTable } from '../../../../shared/runtime/table.ts'
import { exportPerson } from '../../../published/profiles.ts'
import { type ProfilesTable, profilesTable } from '../../table.ts'
import { addressViewOf, viewOf } from '../../view.ts'

type Dependencies = { profiles: Pick<ProfilesTable, 'get' | 'getBook'> }

const readProfile =
  ({ profiles }: Dependencies): ReadKind =>
  async (userId, after) => {
    const profile = after ? undefined : await profiles.get(userId)
    return { entries: profile ? [{ at: 'profile', record: viewOf(profile) }] : [], more: false }
  }

/** The oldest first, as their ids sort. */
const readAddresses =
  ({ profiles }: Dependencies): ReadKind =>
  async (userId, after = '') => {
    const book = await profiles.getBook(userId)
    const rest = book.entries.filter(({ id }) => id > after)
    return { entries: rest.map((entry) => ({ at: entry.id, record: addressViewOf(book, entry) })), more: false }
  }

export const handler = provide(exportPerson, () => {
  const profiles = profilesTable({ table: openTable(), now, newId })
  return exported({ profile: readProfile({ profiles }), address: readAddresses({ profiles }) })
})
