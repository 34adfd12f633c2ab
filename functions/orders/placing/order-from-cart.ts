/** Makes the order of a cart: asks for prices and shipping, and compares it with what the shopper was shown. */
import type * as z from 'zod/mini'
import { optionsAttribute } from '../../../shared/domain/options.ts'
import type { Call } from '../../../shared/runtime/call.ts'
import { now } from '../../../shared/runtime/clock.ts'
import { type Problem, problem } from '../../../shared/runtime/serve.ts'
import type { checkoutSnapshot, reprice } from '../../published/carts.ts'
import type { quote as catalogQuote } from '../../published/catalog.ts'
import type { quote as shippingQuote } from '../../published/shipping.ts'
import type { endpoints } from '../contract.ts'
import { type Order, place } from '../domain.ts'
import { type Difference, differenceOf, figuresOf, saidOf } from './quoted.ts'

export type CartToOrder = NonNullable<z.output<typeof checkoutSnapshot.output>['cart']>

export type Ordering = {
  quote: Call<typeof catalogQuote>
  quoteShipping: Call<typeof shippingQuote>
  reprice: Call<typeof reprice>
  shop: { currency: string; pricesIncludeTax: boolean }
}

type Body = z.output<typeof endpoints.placeOrder.body>

type Refusal = 'ITEM_UNAVAILABLE' | 'SHIPPING_UNAVAILABLE' | 'CART_EMPTY' | 'TOTAL_TOO_LARGE' | Difference

/** @returns the order, not yet written, or why there is none, with the figures it would have */
export const orderFromCart = async (
  ordering: Ordering,
  cart: CartToOrder,
  { orderId, requestHash, customerId }: { orderId: string; requestHash: string; customerId: string },
  body: Body,
): Promise<Order | Problem<Refusal>> => {
  const { quote, quoteShipping, shop } = ordering
  const { variants } = await quote({ skus: cart.lines.map(({ sku }) => sku) })
  const unitsOf = (sku: string): number => cart.lines.find((line) => line.sku === sku)?.quantity ?? 0
  const weightGrams = variants.reduce((sum, variant) => sum + variant.weightGrams * unitsOf(variant.sku), 0)
  const country = body.shippingAddress.country
  const { method } = await quoteShipping({ methodId: body.shippingMethod, country, weightGrams })
  if (!method)
    return problem('SHIPPING_UNAVAILABLE', `There is no shipping method "${body.shippingMethod}" to ${country}.`)
  const placed = place({
    id: orderId,
    requestHash,
    customerId,
    atMs: now(),
    ...shop,
    cart,
    variants,
    shippingMethod: method,
    shippingAddress: body.shippingAddress,
    email: body.email,
    paymentMethod: body.payment.method,
  })
  if (!placed.ok) return problem(placed.reason, placed.detail)
  const difference = differenceOf(placed.value, cart.lines, body.expectedTotal)
  if (!difference) return placed.value
  const figures = figuresOf(placed.value, cart.lines)
  if (difference === 'TOTAL_CHANGED') return problem(difference, saidOf[difference], { current: figures })
  const shown = variants.map(({ sku, title, options, unitPrice }) => ({
    sku,
    title,
    ...optionsAttribute(options),
    unitPrice,
  }))
  const { version } = await ordering.reprice({ cartId: cart.id, ownerId: customerId, variants: shown })
  return problem(difference, saidOf[difference], { current: { ...figures, cartVersion: version } })
}
