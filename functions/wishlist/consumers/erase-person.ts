import { newId, now } from '../../../shared/runtime/clock.ts'
import { consume } from '../../../shared/runtime/consume.ts'
import { erasePerson } from '../../../shared/runtime/erasure.ts'
import { repeated } from '../../../shared/runtime/repeated.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { personErased } from '../../published/wishlist.ts'
import { consumers } from '../contract.ts'
import { type WishlistTable, wishlistTable } from '../table.ts'

export const eraseWishlist =
  ({ wishlists }: { wishlists: Pick<WishlistTable, 'get' | 'remove'> }) =>
  (userId: string): Promise<boolean> =>
    repeated(async () => {
      const wishlist = await wishlists.get(userId)
      return wishlist.version === 0 || wishlists.remove(wishlist)
    })

export const handler = consume(consumers.erasePerson, () => {
  const table = openTable()
  const erase = eraseWishlist({ wishlists: wishlistTable({ table, now, newId }) })
  return erasePerson({ table, personErased, erase, now, newId })
})
