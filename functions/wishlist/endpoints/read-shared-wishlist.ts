import { notFound, serve } from '../../../shared/runtime/serve.ts'
import { endpoints } from '../contract.ts'
import * as parts from '../parts.ts'
import { pageViewOf } from '../view.ts'

/** Nothing keeps a copy, so that an ended link shows nothing any more; no word of whose list it is. */
const headers = { 'cache-control': 'no-store', 'x-robots-tag': 'noindex' }

export const handler = serve(
  endpoints.readSharedWishlist,
  { wishlists: parts.wishlists, quote: parts.quote },
  async function readSharedWishlist({ params: { shareId }, query }, { wishlists, quote }) {
    const wishlist = await wishlists.getShared(shareId)
    if (!wishlist) return notFound('wishlist')
    return { body: await pageViewOf(wishlist, `wishlist shared as ${shareId}`, query, quote), headers }
  },
)
