import { type Call, call } from '../../../shared/runtime/call.ts'
import { newId, now } from '../../../shared/runtime/clock.ts'
import { type Handle, notFound, serve } from '../../../shared/runtime/serve.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { quote } from '../../published/catalog.ts'
import { endpoints } from '../contract.ts'
import { type WishlistTable, wishlistTable } from '../table.ts'
import { pageViewOf } from '../view.ts'

type Dependencies = { wishlists: Pick<WishlistTable, 'getShared'>; quote: Call<typeof quote> }

/** Nothing keeps a copy, so that an ended link shows nothing any more; no word of whose list it is. */
const headers = { 'cache-control': 'no-store', 'x-robots-tag': 'noindex' }

export const readSharedWishlist =
  ({ wishlists, quote }: Dependencies): Handle<typeof endpoints.readSharedWishlist> =>
  async ({ params: { shareId }, query }) => {
    const wishlist = await wishlists.getShared(shareId)
    if (!wishlist) return notFound('wishlist')
    return { body: await pageViewOf(wishlist, `wishlist shared as ${shareId}`, query, quote), headers }
  }

export const handler = serve(endpoints.readSharedWishlist, () =>
  readSharedWishlist({ wishlists: wishlistTable({ table: openTable(), now, newId }), quote: call(quote) }),
)
