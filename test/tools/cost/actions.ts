/** What people do in a shop, each action as a shop without much to do has it: one after the other, nothing shared. */
import type { Arguments, ShopRoutes } from '../../../functions/client.ts'
import { address, productWithStock } from '../../support/purchase.ts'
import { guestToken, staffToken } from '../../support/shop.ts'
import type { MeteredShop } from './meter.ts'
import { type Measured, medianOf } from './usage.ts'

/** In the order in which they happen. */
export const actionNames = ['search', 'page view', 'guest and cart', 'cart change', 'order', 'sending'] as const
export type ActionName = (typeof actionNames)[number]
export type Actions = Record<ActionName, Measured>

type Product = { sku: string; slug: string }

/** A visit that ends with the parcel on the doorstep. */
const once = async (shop: MeteredShop, staff: string, { sku, slug }: Product): Promise<Actions> => {
  const expect = async <R extends keyof ShopRoutes>(route: R, ...parts: Arguments<ShopRoutes[R]>) =>
    (await shop.request(route, ...parts)).body
  let token = ''
  let cartId = ''
  let orderId = ''
  return {
    search: await shop.measure(async () => {
      await expect('GET /products', { query: { q: 'test', facets: 'true' } })
    }),
    'page view': await shop.measure(async () => {
      await expect('GET /products/{idOrSlug}', { params: { idOrSlug: slug } })
    }),
    'guest and cart': await shop.measure(async () => {
      token = await guestToken(shop)
      cartId = (await expect('POST /carts', { token })).id
    }),
    'cart change': await shop.measure(async () => {
      await expect('PUT /carts/{cartId}/items/{sku}', { token, params: { cartId, sku }, body: { quantity: 1 } })
    }),
    order: await shop.measure(async () => {
      await expect('GET /carts/{cartId}/shipping-methods', { token, params: { cartId }, query: { country: 'DE' } })
      const order = await expect('POST /orders', {
        token,
        body: {
          cartId,
          // Each with an address of its own: too many mails to one are withheld.
          email: `${cartId}@example.com`,
          shippingAddress: address,
          shippingMethod: 'standard',
          payment: { method: 'sandbox_ok' },
        },
      })
      orderId = order.id
    }),
    sending: await shop.measure(async () => {
      const params = { orderId }
      const { status } = await expect('GET /orders/{orderId}', { token, params })
      if (status !== 'confirmed') throw new Error(`the order ended ${status}`)
      const body = { carrier: 'Parcels', trackingNumber: 'P' }
      await expect('POST /orders/{orderId}/shipment/dispatch', { token: staff, params, body })
      await expect('POST /orders/{orderId}/shipment/deliver', { token: staff, params })
    }),
  }
}

/**
 * @param warmUps rounds that are not counted: functions start, and their code becomes fast
 * @returns of each action the medians of `rounds`
 */
export const measureActions = async (
  shop: MeteredShop,
  { warmUps, rounds }: { warmUps: number; rounds: number },
  show: (note: string) => void = () => undefined,
): Promise<Actions> => {
  const staff = await staffToken(shop)
  const product = await productWithStock(shop, staff, warmUps + rounds)
  const all: Actions[] = []
  for (let round = 1; round <= warmUps + rounds; round += 1) {
    show(round > warmUps ? `round ${round - warmUps} of ${rounds}` : `warming up, ${round} of ${warmUps}`)
    all.push(await once(shop, staff, product))
  }
  const counted = all.slice(warmUps)
  const middle = (name: ActionName): Measured => {
    const [first, ...others] = counted.map((actions) => actions[name])
    if (first === undefined) throw new RangeError('at least one round must be counted')
    return medianOf([first, ...others])
  }
  return {
    search: middle('search'),
    'page view': middle('page view'),
    'guest and cart': middle('guest and cart'),
    'cart change': middle('cart change'),
    order: middle('order'),
    sending: middle('sending'),
  }
}
