import { type Call, call } from '../../../shared/runtime/call.ts'
import { isoTime, type Now, newId, now } from '../../../shared/runtime/clock.ts'
import { fact } from '../../../shared/runtime/outbox.ts'
import { repeated } from '../../../shared/runtime/repeated.ts'
import {
  type Answer,
  type Handle,
  isStale,
  notFound,
  personIsErased,
  problem,
  serve,
  staleVersion,
} from '../../../shared/runtime/serve.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { quote } from '../../published/catalog.ts'
import { wishlistItemAdded } from '../../published/wishlist.ts'
import { endpoints } from '../contract.ts'
import { lineOf, withLine } from '../domain.ts'
import { type WishlistTable, wishlistTable } from '../table.ts'
import { lineViewOf } from '../view.ts'

type Dependencies = { wishlists: Pick<WishlistTable, 'get' | 'replace'>; quote: Call<typeof quote>; now: Now }

/** What is on the list already keeps its place there. */
export const addToWishlist =
  ({ wishlists, quote, now }: Dependencies): Handle<typeof endpoints.addToWishlist> =>
  async ({ params: { sku }, caller, ifMatch }) => {
    const { variants } = await quote({ skus: [sku] })
    const variant = variants.find((one) => one.sku === sku)
    return repeated<Answer<typeof endpoints.addToWishlist>>(async () => {
      const wishlist = await wishlists.get(caller.id)
      if (isStale(ifMatch, wishlist.version)) return staleVersion()
      const known = lineOf(wishlist, sku)
      if (known) return { body: lineViewOf(known, variant), version: wishlist.version }
      if (!variant) return notFound('variant')
      const line = { sku, addedAt: isoTime(now()) }
      const after = withLine(wishlist, line)
      if (!after.ok) return problem(after.reason, after.detail)
      const facts = [fact(wishlistItemAdded, { userId: caller.id, sku })]
      const written = await wishlists.replace(wishlist, after.value, facts)
      if (written === 'erased') return personIsErased()
      return written && { body: lineViewOf(line, variant), version: written.version }
    })
  }

export const handler = serve(endpoints.addToWishlist, () =>
  addToWishlist({ wishlists: wishlistTable({ table: openTable(), now, newId }), quote: call(quote), now }),
)
