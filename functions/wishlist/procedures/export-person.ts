import { provide } from '../../../shared/runtime/call.ts'
import { newId, now } from '../../../shared/runtime/clock.ts'
import { exportPerson as exported, type ReadKind } from '../../../shared/runtime/export.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { exportPerson } from '../../published/wishlist.ts'
import { type WishlistTable, wishlistTable } from '../table.ts'

const readWishlist =
  ({ wishlists }: { wishlists: Pick<WishlistTable, 'get'> }): ReadKind =>
  async (userId, after) => {
    if (after !== undefined) return { entries: [], more: false }
    const { lines, shareId, version } = await wishlists.get(userId)
    return { entries: version > 0 ? [{ at: userId, record: { lines, shareId } }] : [], more: false }
  }

export const handler = provide(exportPerson, () =>
  exported({ wishlist: readWishlist({ wishlists: wishlistTable({ table: openTable(), now, newId }) }) }),
)
