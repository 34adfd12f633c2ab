import { provide } from '../../../shared/runtime/call.ts'
import { exportPage } from '../../../shared/runtime/export.ts'
import * as published from '../../published/wishlist.ts'
import * as parts from '../parts.ts'

export const handler = provide(
  published.exportPerson,
  { wishlists: parts.wishlists },
  function exportPerson(person, { wishlists }) {
    return exportPage(person, {
      wishlist: async (userId, after) => {
        if (after !== undefined) return { entries: [], more: false }
        const { lines, shareId, version } = await wishlists.get(userId)
        return { entries: version > 0 ? [{ at: userId, record: { lines, shareId } }] : [], more: false }
      },
    })
  },
)
