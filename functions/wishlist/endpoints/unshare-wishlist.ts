import { retryOnConflict } from '../../../shared/runtime/retry-on-conflict.ts'
import { isStale, serve, staleVersion } from '../../../shared/runtime/serve.ts'
import { endpoints } from '../contract.ts'
import * as parts from '../parts.ts'

/** A link that was ended never opens anything again: sharing anew gives another. */
export const handler = serve(
  endpoints.unshareWishlist,
  { wishlists: parts.wishlists },
  function unshareWishlist({ caller, ifMatch }, { wishlists }) {
    return retryOnConflict(async () => {
      const wishlist = await wishlists.get(caller.id)
      if (isStale(ifMatch, wishlist.version)) return staleVersion()
      if (wishlist.shareId === undefined) return { body: undefined }
      return (await wishlists.replace(wishlist, { ...wishlist, shareId: undefined })) && { body: undefined }
    })
  },
)
