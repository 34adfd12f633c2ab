/** Wishlists as the API shows them. */
import type * as z from 'zod/mini'
import type { Call } from '../../shared/runtime/call.ts'
import { decodeCursor, defaultLimit, nextCursor } from '../../shared/runtime/cursor.ts'
import type { Quoted, quote } from '../published/catalog.ts'
import type { WishlistLine } from './contract.ts'
import { type Line, pageOf, type Wishlist } from './domain.ts'

export const lineViewOf = (line: Line, quoted: Quoted | undefined): z.input<typeof WishlistLine> => ({
  ...line,
  ...(quoted
    ? {
        offer: {
          productId: quoted.productId,
          title: quoted.title,
          options: quoted.options,
          price: quoted.unitPrice,
        },
      }
    : {}),
})

/** @param list names the list, for its cursors @throws RefusedInput for a cursor of another list */
export const pageViewOf = async (
  wishlist: Wishlist,
  list: string,
  { limit = defaultLimit, cursor }: { limit?: number | undefined; cursor?: string | undefined },
  ask: Call<typeof quote>,
) => {
  const from = decodeCursor(list, cursor)
  const after = from && { addedAt: String(from.addedAt), sku: String(from.sku) }
  const { lines, last } = pageOf(wishlist, limit, after)
  const { variants } = lines.length > 0 ? await ask({ skus: lines.map(({ sku }) => sku) }) : { variants: [] }
  const bySku = new Map(variants.map((variant) => [variant.sku, variant]))
  return {
    data: lines.map((line) => lineViewOf(line, bySku.get(line.sku))),
    next_cursor: nextCursor(list, last),
    count: wishlist.lines.length,
  }
}
