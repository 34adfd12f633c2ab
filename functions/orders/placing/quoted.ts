/** Whether an order is what its shopper was shown, and the figures it would have where it is not. Pure. */
import type { Money, Options } from '../../../shared/contract/schema.ts'
import { areSameOptions, optionsAttribute } from '../../../shared/domain/options.ts'
import type { Order, OrderLine } from '../domain.ts'

/** A line as the cart shows it; where it does not say, there is nothing to compare. */
export type ShownLine = {
  sku: string
  title?: string | undefined
  options?: Options | undefined
  unitPrice?: Money | undefined
}

export type Difference = 'PRICE_CHANGED' | 'ITEM_CHANGED' | 'TOTAL_CHANGED'

const isOtherPrice = (line: OrderLine, shown: ShownLine | undefined): boolean =>
  shown?.unitPrice !== undefined &&
  (shown.unitPrice.amount !== line.unitPrice.amount || shown.unitPrice.currency !== line.unitPrice.currency)

/** Carts of before options were told show none: there is nothing to compare. */
const isOtherThing = ({ title, options }: OrderLine, shown: ShownLine | undefined): boolean =>
  (shown?.title ?? title) !== title || (shown?.options !== undefined && !areSameOptions(shown.options, options))

/**
 * What is not as it was shown: a price, also one that fell; what a thing is called, or which of its kind it is; the total that the client expects, which has
 * shipping and tax in it.
 * @param order as it would be placed
 */
export const differenceOf = (
  order: Order,
  cart: readonly ShownLine[],
  expectedTotal: Money | undefined,
): Difference | undefined => {
  const shown = new Map(cart.map((line) => [line.sku, line]))
  if (order.lines.some((line) => isOtherPrice(line, shown.get(line.sku)))) return 'PRICE_CHANGED'
  if (order.lines.some((line) => isOtherThing(line, shown.get(line.sku)))) return 'ITEM_CHANGED'
  const { amount, currency } = order.total
  const isExpected =
    expectedTotal === undefined || (expectedTotal.amount === amount && expectedTotal.currency === currency)
  return isExpected ? undefined : 'TOTAL_CHANGED'
}

/** The order's figures, as the answer to an order shows them. `shownUnitPrice` where the cart showed another. */
export const figuresOf = (order: Order, cart: readonly ShownLine[]): Record<string, unknown> => {
  const { subtotal, discount, shipping, tax, total, pricesIncludeTax } = order
  const lines = order.lines.map((line) => {
    const { sku, title, options, quantity, unitPrice, total: lineTotal, tax: lineTax } = line
    const shown = cart.find((one) => one.sku === sku)
    return {
      ...{ sku, title, ...optionsAttribute(options), quantity, unitPrice, total: lineTotal, tax: lineTax },
      ...(isOtherPrice(line, shown) ? { shownUnitPrice: shown?.unitPrice } : {}),
    }
  })
  return { lines, subtotal, discount, shipping, tax, total, pricesIncludeTax }
}

/** What a difference is, in words. */
export const saidOf: Readonly<Record<Difference, string>> = {
  PRICE_CHANGED:
    'Prices have changed since they were put into the cart; it shows the new ones now. Order again if they suit you.',
  ITEM_CHANGED:
    'What lies in the cart is called otherwise by now; it shows the new titles and options. Order again if they suit you.',
  TOTAL_CHANGED: 'The order would come to another total than the one that was expected.',
}
