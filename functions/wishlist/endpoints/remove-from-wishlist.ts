import { retryOnConflict } from '../../../shared/runtime/retry-on-conflict.ts'
import { isStale, serve, staleVersion } from '../../../shared/runtime/serve.ts'
import { endpoints } from '../contract.ts'
import { lineOf, withoutLine } from '../domain.ts'
import * as parts from '../parts.ts'

export const handler = serve(
  endpoints.removeFromWishlist,
  { wishlists: parts.wishlists },
  function removeFromWishlist({ params: { sku }, caller, ifMatch }, { wishlists }) {
    return retryOnConflict(async () => {
      const wishlist = await wishlists.get(caller.id)
      if (isStale(ifMatch, wishlist.version)) return staleVersion()
      if (!lineOf(wishlist, sku)) return { body: undefined }
      return (await wishlists.replace(wishlist, withoutLine(wishlist, sku))) && { body: undefined }
    })
  },
)
