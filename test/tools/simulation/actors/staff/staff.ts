/** Staff: they open the shop, keep its shelves, send, deliver, refund, and take back what comes back. */
import { signWebhook } from '../../../../../shared/runtime/webhook-signature.ts'
import type { Answer, Caller, Http, Request } from '../../cloud/http.ts'
import { ulidOf } from '../../world/decide.ts'
import type { RunContext } from '../../world/run-context.ts'
import { hasConsumerOutage, hasSearch } from '../../world/sampling.ts'
import { type BackgroundRequest, papers, sendBackgroundRequests } from '../background-requests.ts'
import { longWait, moment, partnersSecret, rushMs, skus, sold } from '../fixtures.ts'
import { createReceiving } from './receiving.ts'
import { createRefunding } from './refunding.ts'

export type Staff = {
  /** The catalogue and the shelves, before anybody comes. */
  openShop(): Promise<void>
  /** The shelves change while people buy. */
  keepShelves(): Promise<void>
  /** Packs, sends and delivers an order. @param name whose it is */
  serve(name: string, orderId: string): Promise<void>
  refund(name: string, orderId: string): Promise<void>
  receive(name: string, returnId: string, announced: readonly { sku: string; quantity: number }[]): Promise<void>
  /** After all faults: sends and delivers what still waits. */
  sendAll(orderIds: readonly string[]): Promise<void>
  /** What the shop's own reconciliation finds wrong. */
  reconcile(): Promise<string[]>
  /** The product that shoppers look at. */
  productId(): string
}

const trackingOf = (orderId: string): string => `T-${orderId.slice(-6)}`

export const staffCaller: Caller = { sub: `usr_${ulidOf(0, 'staff', 0)}`, scope: 'shop staff' }

export const createStaff = (run: RunContext, http: Http): Staff => {
  const askAsStaff = (endpoint: string, name: string, request: Request): Promise<Answer | undefined> =>
    http.ask(endpoint, name, { ...request, caller: staffCaller })
  const inBackground = (name: string, all: readonly BackgroundRequest[]) =>
    sendBackgroundRequests({ run, http }, staffCaller, name, all)
  let productId = `prd_${ulidOf(run.seed, 'no product', 0)}`

  const openShop = async (): Promise<void> => {
    const made = await askAsStaff('catalog/create-product', 'staff make a product', {
      headers: { 'idempotency-key': 'product' },
      body: {
        title: 'For tea',
        category: 'kitchen',
        variants: skus.map((sku) => ({
          sku,
          options: { thing: sold[sku].name },
          price: { amount: sold[sku].prices[0], currency: 'EUR' },
          weightGrams: sold[sku].grams,
        })),
      },
    })
    // Nothing could be bought, and everything would hold.
    if (made && made.status >= 400 && made.status < 500)
      run.violate('simulation', `the product is refused: ${JSON.stringify(made.body)}`)
    productId = made?.body?.id ?? productId
    for (const sku of skus)
      await askAsStaff('inventory/receive-stock', `staff fill the shelf of ${sku}`, {
        params: { sku },
        headers: { 'idempotency-key': `first-${sku}` },
        body: { quantity: run.pick(`stock of ${sku}`, [1, 2, 3, 4, 6]) },
      })
  }

  const receive = createReceiving(run, askAsStaff)

  const carrierReports = async (orderId: string): Promise<void> => {
    const id = `arrived-${orderId}`
    const body = JSON.stringify({ id, type: 'parcel.delivered', carrier: 'Post', trackingNumber: trackingOf(orderId) })
    const request = { body, headers: signWebhook(partnersSecret, id, body, run.nowMs) }
    const twice = run.chance(`the carrier reports twice on ${orderId}`) < 0.2
    await Promise.all(
      (twice ? ['', ' again'] : ['']).map((again) =>
        http.ask('shipping/receive-carrier-event', `the carrier of ${orderId}${again}`, request),
      ),
    )
  }

  /** Tries until the order is ready to be sent, or it is clear that it never will be. */
  const serve = async (name: string, orderId: string): Promise<void> => {
    const clerk = `staff for ${name}`
    await inBackground(`${clerk} at their papers`, papers(orderId, productId))
    if (run.chance(`${clerk} capture early`) < (hasConsumerOutage(run.seed) ? 0.9 : 0.2)) {
      await run.sleep(run.pick(`${clerk} capture after`, moment))
      await askAsStaff('payments/capture-payment', `${clerk} capture`, {
        params: { orderId },
        headers: { 'idempotency-key': `capture-${orderId}` },
      })
    }
    for (let tries = 1; tries <= 5; tries += 1) {
      const rush = tries === 1 ? rushMs(run, orderId) : undefined
      await run.sleep(rush ?? run.pick(`${clerk} send after ${tries}`, longWait))
      const sent = await askAsStaff('shipping/dispatch-shipment', `${clerk} send ${tries}`, {
        params: { orderId },
        body: { carrier: 'Post', trackingNumber: trackingOf(orderId) },
      })
      if (sent?.status === 200) break
    }
    await run.sleep(run.pick(`${clerk} deliver after`, longWait))
    if (run.chance(`the carrier reports on ${orderId}`) < 0.5) await carrierReports(orderId)
    else await askAsStaff('shipping/deliver-shipment', `${clerk} deliver`, { params: { orderId } })
  }

  const refund = createRefunding(run, askAsStaff)

  /** Something that was sold once, and is no more. */
  const tryAnotherProduct = async (): Promise<void> => {
    const price = { amount: 2_500, currency: 'EUR' }
    const made = await askAsStaff('catalog/create-product', 'staff make another product', {
      headers: { 'idempotency-key': 'another-product' },
      body: { title: 'A kettle', category: 'kitchen', variants: [{ sku: 'KETTLE', price, weightGrams: 900 }] },
    })
    if (made?.status !== 201) return
    const params = { productId: made.body.id }
    await askAsStaff('catalog/add-variant', 'staff add a variant', {
      params,
      headers: { 'idempotency-key': 'another-variant' },
      body: { sku: 'BIG-KETTLE', options: { size: 'big' }, price },
    })
    await askAsStaff('catalog/archive-product', 'staff archive it', { params })
    if (!hasSearch(run.seed)) return
    await askAsStaff('catalog/change-product', 'staff bring it back', { params, body: { state: 'active' } })
    await askAsStaff('catalog/change-product', 'staff rename it', { params, body: { title: 'A teapot' } })
    await askAsStaff('catalog/archive-product', 'staff archive it again', { params })
  }

  const keepShelves = async (): Promise<void> => {
    if (run.chance('staff try another product') < (hasSearch(run.seed) ? 0.8 : 0.03)) await tryAnotherProduct()
    for (let round = 1; round <= 2; round += 1) {
      const sku = run.pick(`shelf ${round}`, skus)
      await run.sleep(run.pick(`shelf ${round} after`, longWait))
      const counts = run.chance(`shelf ${round} counts`) < 0.5
      const endpoint = counts ? 'inventory/adjust-stock' : 'inventory/receive-stock'
      const quantity = counts ? run.pick(`shelf ${round} by`, [-2, -1, 1, 2]) : run.pick(`shelf ${round} by`, [1, 2])
      await askAsStaff(endpoint, `staff at shelf ${round}`, {
        params: { sku },
        headers: { 'idempotency-key': `shelf-${round}` },
        body: counts ? { quantity, reason: 'counted' } : { quantity },
      })
    }
  }

  return {
    openShop,
    keepShelves,
    serve,
    refund,
    receive,
    async sendAll(orderIds) {
      for (const orderId of orderIds) {
        const request = { params: { orderId } }
        const body = { carrier: 'Post', trackingNumber: trackingOf(orderId) }
        await askAsStaff('shipping/dispatch-shipment', `staff send ${orderId} in the end`, { ...request, body })
        await askAsStaff('shipping/deliver-shipment', `staff deliver ${orderId} in the end`, request)
      }
    },
    async reconcile() {
      const query = { limit: '100', olderThanMinutes: '0' }
      const answer = await askAsStaff('reporting/read-reconciliation', 'staff reconcile', { query })
      return (answer?.body?.data ?? []).map((drift: unknown) => JSON.stringify(drift))
    },
    productId: () => productId,
  }
}
