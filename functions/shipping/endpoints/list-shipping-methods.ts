import { countryFault } from '../../../shared/domain/countries.ts'
import { type Call, call } from '../../../shared/runtime/call.ts'
import { type Handle, notFound, problem, serve } from '../../../shared/runtime/serve.ts'
import { shopSettings } from '../../../shared/runtime/settings.ts'
import { checkoutSnapshot } from '../../published/carts.ts'
import { quote as catalogQuote } from '../../published/catalog.ts'
import { endpoints } from '../contract.ts'
import { offersFor } from '../domain.ts'

type Dependencies = { snapshot: Call<typeof checkoutSnapshot>; quote: Call<typeof catalogQuote>; currency: string }

export const listShippingMethods =
  ({ snapshot, quote, currency }: Dependencies): Handle<typeof endpoints.listShippingMethods> =>
  async ({ params: { cartId }, query: { country }, caller }) => {
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
  }

export const handler = serve(endpoints.listShippingMethods, () =>
  listShippingMethods({
    snapshot: call(checkoutSnapshot),
    quote: call(catalogQuote),
    currency: shopSettings().currency,
  }),
)
