import { provide } from '../../../../shared/runtime/call.ts'
import { exportPage } from '../../../../shared/runtime/export.ts'
import * as published from '../../../published/profiles.ts'
import * as parts from '../../parts.ts'
import { addressViewOf, viewOf } from '../../view.ts'

export const handler = provide(
  published.exportPerson,
  { profiles: parts.profiles },
  function exportPerson(person, { profiles }) {
    return exportPage(person, {
      profile: async (userId, after) => {
        const profile = after ? undefined : await profiles.get(userId)
        return { entries: profile ? [{ at: 'profile', record: viewOf(profile) }] : [], more: false }
      },
      // The oldest first, as their ids sort.
      address: async (userId, after = '') => {
        const book = await profiles.getBook(userId)
        const rest = book.entries.filter(({ id }) => id > after)
        return { entries: rest.map((entry) => ({ at: entry.id, record: addressViewOf(book, entry) })), more: false }
      },
    })
  },
)
