import { serve } from '../../../shared/runtime/serve.ts'
import { endpoints } from '../contract.ts'
import * as parts from '../parts.ts'
import { pageViewOf } from '../view.ts'

export const handler = serve(
  endpoints.readWishlist,
  { wishlists: parts.wishlists, quote: parts.quote },
  async function readWishlist({ query, caller }, { wishlists, quote }) {
    const wishlist = await wishlists.get(caller.id)
    const page = await pageViewOf(wishlist, `wishlist of ${caller.id}`, query, quote)
    return { body: { ...page, shareId: wishlist.shareId ?? null }, version: wishlist.version }
  },
)
