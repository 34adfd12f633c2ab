import { newId, now } from '../../../shared/runtime/clock.ts'
import { repeated } from '../../../shared/runtime/repeated.ts'
import { type Answer, type Handle, isStale, serve, staleVersion } from '../../../shared/runtime/serve.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { endpoints } from '../contract.ts'
import { type WishlistTable, wishlistTable } from '../table.ts'

/** A link that was ended never opens anything again: sharing anew gives another. */
export const unshareWishlist =
  ({ wishlists }: { wishlists: Pick<WishlistTable, 'get' | 'replace'> }): Handle<typeof endpoints.unshareWishlist> =>
  ({ caller, ifMatch }) =>
    repeated<Answer<typeof endpoints.unshareWishlist>>(async () => {
      const wishlist = await wishlists.get(caller.id)
      if (isStale(ifMatch, wishlist.version)) return staleVersion()
      if (wishlist.shareId === undefined) return { body: undefined }
      return (await wishlists.replace(wishlist, { ...wishlist, shareId: undefined })) && { body: undefined }
    })

export const handler = serve(endpoints.unshareWishlist, () =>
  unshareWishlist({ wishlists: wishlistTable({ table: openTable(), now, newId }) }),
)
