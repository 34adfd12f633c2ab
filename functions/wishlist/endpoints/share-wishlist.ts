import { newId, now, randomHex } from '../../../shared/runtime/clock.ts'
import { repeated } from '../../../shared/runtime/repeated.ts'
import {
  type Answer,
  type Handle,
  isStale,
  personIsErased,
  serve,
  staleVersion,
} from '../../../shared/runtime/serve.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { endpoints } from '../contract.ts'
import { type WishlistTable, wishlistTable } from '../table.ts'

const shareIdBytes = 16

type Dependencies = { wishlists: Pick<WishlistTable, 'get' | 'replace'>; newShareId: () => string }

/** A list has one link at most, so asking twice gives the same: no idempotency key is needed. */
export const shareWishlist =
  ({ wishlists, newShareId }: Dependencies): Handle<typeof endpoints.shareWishlist> =>
  ({ caller, ifMatch }) =>
    repeated<Answer<typeof endpoints.shareWishlist>>(async () => {
      const wishlist = await wishlists.get(caller.id)
      if (isStale(ifMatch, wishlist.version)) return staleVersion()
      const answerOf = (shareId: string, version: number) => ({
        body: { shareId },
        version,
        location: `/wishlists/${shareId}`,
      })
      if (wishlist.shareId !== undefined) return answerOf(wishlist.shareId, wishlist.version)
      const shareId = newShareId()
      const written = await wishlists.replace(wishlist, { ...wishlist, shareId })
      if (written === 'erased') return personIsErased()
      return written && answerOf(shareId, written.version)
    })

export const handler = serve(endpoints.shareWishlist, () =>
  shareWishlist({
    wishlists: wishlistTable({ table: openTable(), now, newId }),
    newShareId: () => randomHex(shareIdBytes),
  }),
)
