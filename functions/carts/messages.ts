/** What a shopper should know of a cart before ordering it. Pure. */
import type { Cart } from './domain.ts'

export type Level = { sku: string; available: number }

/** `path`: RFC 6901 pointer into the cart. `text` is for people, in English. */
export type CartMessage = {
  code: 'OUT_OF_STOCK' | 'NOT_ENOUGH_STOCK' | 'QUANTITY_LIMITED'
  severity: 'error'
  path: string
  text: string
}

/**
 * One message at most for each line: what keeps the cart, as it stands, from becoming an order.
 * @param levels what can be bought at this moment; of a SKU that is left out nothing is known
 * @param unitsPerLine of one variant in one order
 */
export const messagesOf = (
  cart: Pick<Cart, 'lines'>,
  levels: readonly Level[],
  unitsPerLine: number,
): CartMessage[] => {
  const available = new Map(levels.map((level) => [level.sku, level.available]))
  return cart.lines.flatMap(({ sku, quantity }, index): CartMessage[] => {
    const left = available.get(sku) ?? Number.POSITIVE_INFINITY
    const about = { severity: 'error' as const, path: `/lines/${index}/quantity` }
    if (left === 0) return [{ code: 'OUT_OF_STOCK', ...about, text: `${sku} is out of stock.` }]
    if (left < quantity)
      return [{ code: 'NOT_ENOUGH_STOCK', ...about, text: `Only ${left} of ${sku} can be bought at the moment.` }]
    if (quantity > unitsPerLine)
      return [{ code: 'QUANTITY_LIMITED', ...about, text: `One order takes at most ${unitsPerLine} of ${sku}.` }]
    return []
  })
}
