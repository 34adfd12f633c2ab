import { newId, now } from '../../../shared/runtime/clock.ts'
import { repeated } from '../../../shared/runtime/repeated.ts'
import { type Answer, type Handle, isStale, serve, staleVersion } from '../../../shared/runtime/serve.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { endpoints } from '../contract.ts'
import { lineOf, withoutLine } from '../domain.ts'
import { type WishlistTable, wishlistTable } from '../table.ts'

export const removeFromWishlist =
  ({ wishlists }: { wishlists: Pick<WishlistTable, 'get' | 'replace'> }): Handle<typeof endpoints.removeFromWishlist> =>
  ({ params: { sku }, caller, ifMatch }) =>
    repeated<Answer<typeof endpoints.removeFromWishlist>>(async () => {
      const wishlist = await wishlists.get(caller.id)
      if (isStale(ifMatch, wishlist.version)) return staleVersion()
      if (!lineOf(wishlist, sku)) return { body: undefined }
      return (await wishlists.replace(wishlist, withoutLine(wishlist, sku))) && { body: undefined }
    })

export const handler = serve(endpoints.removeFromWishlist, () =>
  removeFromWishlist({ wishlists: wishlistTable({ table: openTable(), now, newId }) }),
)
