import { type Call, call } from '../../../shared/runtime/call.ts'
import { newId, now } from '../../../shared/runtime/clock.ts'
import { type Handle, serve } from '../../../shared/runtime/serve.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { quote } from '../../published/catalog.ts'
import { endpoints } from '../contract.ts'
import { type WishlistTable, wishlistTable } from '../table.ts'
import { pageViewOf } from '../view.ts'

type Dependencies = { wishlists: Pick<WishlistTable, 'get'>; quote: Call<typeof quote> }

export const readWishlist =
  ({ wishlists, quote }: Dependencies): Handle<typeof endpoints.readWishlist> =>
  async ({ query, caller }) => {
    const wishlist = await wishlists.get(caller.id)
    const page = await pageViewOf(wishlist, `wishlist of ${caller.id}`, query, quote)
    return { body: { ...page, shareId: wishlist.shareId ?? null }, version: wishlist.version }
  }

export const handler = serve(endpoints.readWishlist, () =>
  readWishlist({ wishlists: wishlistTable({ table: openTable(), now, newId }), quote: call(quote) }),
)
