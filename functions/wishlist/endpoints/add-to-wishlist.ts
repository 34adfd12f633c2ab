import { isoTime, now } from '../../../shared/runtime/clock.ts'
import { newEvent } from '../../../shared/runtime/outbox.ts'
import { retryOnConflict } from '../../../shared/runtime/retry-on-conflict.ts'
import { isStale, notFound, personIsErased, problem, serve, staleVersion } from '../../../shared/runtime/serve.ts'
import { wishlistItemAdded } from '../../published/wishlist.ts'
import { endpoints } from '../contract.ts'
import { lineOf, withLine } from '../domain.ts'
import * as parts from '../parts.ts'
import { lineViewOf } from '../view.ts'

/** What is on the list already keeps its place there. */
export const handler = serve(
  endpoints.addToWishlist,
  { wishlists: parts.wishlists, quote: parts.quote },
  async function addToWishlist({ params: { sku }, caller, ifMatch }, { wishlists, quote }) {
    const { variants } = await quote({ skus: [sku] })
    const variant = variants.find((one) => one.sku === sku)
    return retryOnConflict(async () => {
      const wishlist = await wishlists.get(caller.id)
      if (isStale(ifMatch, wishlist.version)) return staleVersion()
      const known = lineOf(wishlist, sku)
      if (known) return { body: lineViewOf(known, variant), version: wishlist.version }
      if (!variant) return notFound('variant')
      const line = { sku, addedAt: isoTime(now()) }
      const after = withLine(wishlist, line)
      if (!after.ok) return problem(after.reason, after.detail)
      const newEvents = [newEvent(wishlistItemAdded, { userId: caller.id, sku })]
      const written = await wishlists.replace(wishlist, after.value, newEvents)
      if (written === 'erased') return personIsErased()
      return written && { body: lineViewOf(line, variant), version: written.version }
    })
  },
)
