import { randomHex } from '../../../shared/runtime/clock.ts'
import { retryOnConflict } from '../../../shared/runtime/retry-on-conflict.ts'
import { isStale, personIsErased, serve, staleVersion } from '../../../shared/runtime/serve.ts'
import { endpoints } from '../contract.ts'
import * as parts from '../parts.ts'

const shareIdBytes = 16

/** A list has one link at most, so asking twice gives the same: no idempotency key is needed. */
export const handler = serve(
  endpoints.shareWishlist,
  { wishlists: parts.wishlists },
  function shareWishlist({ caller, ifMatch }, { wishlists }) {
    return retryOnConflict(async () => {
      const wishlist = await wishlists.get(caller.id)
      if (isStale(ifMatch, wishlist.version)) return staleVersion()
      const answerOf = (id: string, version: number) => ({
        body: { shareId: id },
        version,
        location: `/wishlists/${id}`,
      })
      if (wishlist.shareId !== undefined) return answerOf(wishlist.shareId, wishlist.version)
      const shareId = randomHex(shareIdBytes)
      const written = await wishlists.replace(wishlist, { ...wishlist, shareId })
      if (written === 'erased') return personIsErased()
      return written && answerOf(shareId, written.version)
    })
  },
)
