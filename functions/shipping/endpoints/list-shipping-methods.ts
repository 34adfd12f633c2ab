import { countryFault } from '../../../shared/domain/countries.ts'
import { notFound, problem, serve } from '../../../shared/runtime/serve.ts'
import { endpoints } from '../contract.ts'
import { offersFor } from '../domain.ts'
import * as parts from '../parts.ts'

export const handler = serve(
  endpoints.listShippingMethods,
  { snapshot: parts.snapshot, quote: parts.quote, currency: parts.currency },
  async function listShippingMethods(
    { params: { cartId }, query: { country }, caller },
    { snapshot, quote, currency },
  ) {
    const fault = countryFault(country)
    if (fault !== undefined) {
      const errors = [{ pointer: '?country', code: 'unknown_country', detail: fault }]
      return problem('INVALID_INPUT', 'The query is not as the contract asks.', { errors })
    }
    const { cart } = await snapshot({ cartId, ownerId: caller.id })
    if (!cart) return notFound('cart')
    if (cart.lines.length === 0) return problem('CART_EMPTY', 'There is nothing in the cart to send.')
    const { variants } = await quote({ skus: cart.lines.map(({ sku }) => sku) })
    const weightGrams = cart.lines.reduce((sum, { sku, quantity }) => {
      const variant = variants.find((known) => known.sku === sku)
      return sum + quantity * (variant?.weightGrams ?? 0)
    }, 0)
    const data = offersFor(country, weightGrams, currency)
    return data.length > 0 ? { body: { data } } : problem('SHIPPING_UNAVAILABLE', `Nothing is sent to ${country}.`)
  },
)
