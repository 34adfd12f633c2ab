/** What an order costs on the idle local shop: time to confirmed, and CPU of everything that takes part. */
import { cartWith, placeOrder, productWithStock } from '../../support/purchase.ts'
import { guestToken, openLocalShop, type Shop, staffToken } from '../../support/shop.ts'
import { median } from './start-up.ts'

export type OrderCosts = {
  orders: number
  /** Milliseconds, median: `POST /orders` until it answers `confirmed`. */
  confirmedMs: number
  /** Milliseconds of CPU per order of all functions and consumers: what runs in the workers. */
  functionsCpuMs: number
  /** Milliseconds of CPU per order of the main thread: the local cloud, which stands for AWS, and this client. */
  cloudCpuMs: number
}

const warmUps = 15

const order = async (shop: Shop, token: string, sku: string): Promise<number> => {
  const cartId = await cartWith(shop, token, { [sku]: 1 })
  await shop.request('GET /carts/{cartId}/shipping-methods', { token, params: { cartId }, query: { country: 'DE' } })
  const began = performance.now()
  const { body } = await placeOrder(shop, token, cartId)
  if (body.status !== 'confirmed') throw new Error(`an order ended ${body.status} ${body.reason ?? ''}`)
  return performance.now() - began
}

/** Every order is the same six calls: guest session, product page, cart, line, shipping methods, order. */
export const orderCosts = async (orders: number, show: (note: string) => void): Promise<OrderCosts> => {
  const shop = await openLocalShop()
  try {
    const staff = await staffToken(shop)
    const { sku, slug } = await productWithStock(shop, staff, orders + warmUps)
    const one = async () => {
      const token = await guestToken(shop)
      await shop.request('GET /products/{idOrSlug}', { params: { idOrSlug: slug } })
      return order(shop, token, sku)
    }
    for (let index = 0; index < warmUps; index += 1) await one()
    await shop.cloud.idle(20_000)
    const times: number[] = []
    const [before, beforeMain] = [process.cpuUsage(), process.threadCpuUsage()]
    for (let index = 0; index < orders; index += 1) {
      show(`order ${index + 1} of ${orders}`)
      times.push(await one())
    }
    await shop.cloud.idle(20_000)
    const perOrder = ({ user, system }: NodeJS.CpuUsage) => (user + system) / 1000 / orders
    const [all, main] = [perOrder(process.cpuUsage(before)), perOrder(process.threadCpuUsage(beforeMain))]
    return { orders, confirmedMs: median(times), functionsCpuMs: all - main, cloudCpuMs: main }
  } finally {
    await shop.stop()
  }
}
