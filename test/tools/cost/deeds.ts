/** What people do in a shop, each deed as a shop without much to do has it: one after the other, nothing shared. */
import { randomUUID } from 'node:crypto'
import { address, guestToken, productWithStock, staffToken } from '../../support/shop.ts'
import type { MeteredShop } from './meter.ts'
import { type Measured, medianOf } from './usage.ts'

/** In the order in which they happen. */
export const deedNames = ['page view', 'guest and cart', 'cart change', 'order', 'sending'] as const
export type DeedName = (typeof deedNames)[number]
export type Deeds = Record<DeedName, Measured>

type Product = { sku: string; slug: string }

const isFine = ({ status, body }: Awaited<ReturnType<MeteredShop['request']>>) => {
  if (status >= 300) throw new Error(`the shop answered ${status}: ${JSON.stringify(body)}`)
  return body
}

/** A visit that ends with the parcel on the doorstep. */
const once = async (shop: MeteredShop, staff: string, { sku, slug }: Product): Promise<Deeds> => {
  const ask = async (...request: Parameters<MeteredShop['request']>) => isFine(await shop.request(...request))
  let token = ''
  let cartId = ''
  let orderId = ''
  return {
    'page view': await shop.measure(() => ask('GET', `/products/${slug}`)),
    'guest and cart': await shop.measure(async () => {
      token = await guestToken(shop)
      const cart = await ask('POST', '/carts', { token, headers: { 'idempotency-key': randomUUID() } })
      cartId = cart.id
    }),
    'cart change': await shop.measure(() =>
      ask('PUT', `/carts/${cartId}/items/${sku}`, { token, body: { quantity: 1 } }),
    ),
    order: await shop.measure(async () => {
      await ask('GET', `/carts/${cartId}/shipping-methods?country=DE`, { token })
      const order = await ask('POST', '/orders', {
        token,
        headers: { 'idempotency-key': randomUUID() },
        body: {
          cartId,
          email: 'ada@example.com',
          shippingAddress: address,
          shippingMethod: 'standard',
          payment: { method: 'sandbox_ok' },
        },
      })
      orderId = order.id
    }),
    sending: await shop.measure(async () => {
      const path = `/orders/${orderId}`
      const { status } = await ask('GET', path, { token })
      if (status !== 'confirmed') throw new Error(`the order ended ${status}`)
      await ask('POST', `${path}/shipment/dispatch`, {
        token: staff,
        body: { carrier: 'Parcels', trackingNumber: 'P' },
      })
      await ask('POST', `${path}/shipment/deliver`, { token: staff })
    }),
  }
}

/**
 * @param warmUps rounds that are not counted: functions start, and their code becomes fast
 * @returns of each deed the medians of `rounds`
 */
export const measureDeeds = async (
  shop: MeteredShop,
  { warmUps, rounds }: { warmUps: number; rounds: number },
  show: (note: string) => void = () => undefined,
): Promise<Deeds> => {
  const staff = await staffToken(shop)
  const product = await productWithStock(shop, staff, warmUps + rounds)
  const all: Deeds[] = []
  for (let round = 1; round <= warmUps + rounds; round += 1) {
    show(round > warmUps ? `round ${round - warmUps} of ${rounds}` : `warming up, ${round} of ${warmUps}`)
    all.push(await once(shop, staff, product))
  }
  const counted = all.slice(warmUps)
  const middle = (name: DeedName): Measured => {
    const [first, ...others] = counted.map((deeds) => deeds[name])
    if (first === undefined) throw new RangeError('at least one round must be counted')
    return medianOf([first, ...others])
  }
  return {
    'page view': middle('page view'),
    'guest and cart': middle('guest and cart'),
    'cart change': middle('cart change'),
    order: middle('order'),
    sending: middle('sending'),
  }
}
