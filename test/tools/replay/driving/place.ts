/** One planned order, from an empty cart to the doorstep, as a shopper and the shop's staff would do it. */

import { type ShopClient, ShopProblem } from '../../../../functions/client.ts'
import { placeIn } from '../invoices/countries.ts'
import type { PlannedOrder } from '../invoices/orders.ts'
import type { Order } from '../shop/shapes.ts'
import { until } from '../shop/until.ts'

/** What became of an order, as the replay was told; the reconciliation compares it with what the shop keeps. */
export type Story = {
  plan: PlannedOrder
  id: string
  shopper: ShopClient
  /** As the shop told it; its amounts do not change after that. */
  order: Order
  status: 'confirmed' | 'shipped' | 'delivered' | 'cancelled'
  reason: string | undefined
  /** Minor units that staff gave back. */
  refunded: number
  /** Units given back, by SKU. */
  returned: Map<string, number>
}

export type People = { staff: ShopClient }

const addressOf = (customer: string | undefined, country: string) => ({
  name: customer ? `Customer ${customer}` : 'A customer without a number',
  line1: '1 Replay Street',
  city: 'Invoice Town',
  ...placeIn(country),
  country,
})

const fillCart = async (shopper: ShopClient, { key, lines }: PlannedOrder): Promise<string> => {
  const { id: cartId } = await shopper.expect('POST /carts', { key: `replay-cart-${key}` })
  const items = lines.map(({ sku, quantity }) => ({ sku, quantity }))
  await shopper.expect('PUT /carts/{cartId}/items', { params: { cartId }, body: { items } })
  return cartId
}

const readOrder = (shopper: ShopClient, orderId: string): Promise<Order> =>
  shopper.expect('GET /orders/{orderId}', { params: { orderId } })

const isUndecided = ({ status }: Order): boolean => status === 'placed' || status === 'awaiting-payment'

/** Answers the bank's question once it is asked. */
const confirmPayment = async (
  shopper: ShopClient,
  orderId: string,
  outcome: PlannedOrder['confirmation'],
): Promise<void> => {
  const params = { orderId }
  await until(`the question of order ${orderId}'s bank`, async () => {
    const answer = await shopper.request('GET /orders/{orderId}/payment', { params })
    if (answer.ok) return answer.body.status === 'action-required' || undefined
    // Until the stock is reserved there is no payment.
    if (answer.status === 404) return undefined
    throw new ShopProblem('GET /orders/{orderId}/payment', answer.status, answer.problem)
  })
  // The key makes it repeatable should the shop be busy; the answer to the bank is the same each time.
  await shopper.expect('POST /orders/{orderId}/payment/confirm', { params, key: 'confirm', body: { outcome } })
}

/**
 * Fills a cart, orders it, and waits until the shop has confirmed or cancelled the order.
 * @throws ShopProblem when a request is refused
 */
export const placeOrder = async (
  shopper: ShopClient,
  customer: string | undefined,
  plan: PlannedOrder,
): Promise<Story> => {
  const cartId = await fillCart(shopper, plan)
  const asksBank = plan.payment === 'sandbox_action_required'
  const placed: Order = await shopper.expect('POST /orders', {
    key: `replay-${plan.key}`,
    // Nothing is decided before the bank's question is answered, so there is nothing to wait for.
    ...(asksBank ? {} : { waitSeconds: 20 }),
    body: {
      cartId,
      email: `customer-${customer ?? plan.key}@example.com`,
      shippingAddress: addressOf(customer, plan.country),
      shippingMethod: 'standard',
      payment: { method: plan.payment },
    },
  })
  if (asksBank) await confirmPayment(shopper, placed.id, plan.confirmation)
  const order = isUndecided(placed)
    ? await until(`the outcome of order ${placed.id}`, async () => {
        const latest = await readOrder(shopper, placed.id)
        return isUndecided(latest) ? undefined : latest
      })
    : placed
  const status = order.status === 'cancelled' ? 'cancelled' : 'confirmed'
  return { plan, id: order.id, shopper, order, status, reason: order.reason, refunded: 0, returned: new Map() }
}

/** Staff hand it to the carrier and, where planned, see it delivered. Waits until the order shows it. */
export const fulfil = async ({ staff }: People, story: Story): Promise<void> => {
  const { id, plan, shopper } = story
  if (plan.fulfilment === 'none' || story.status !== 'confirmed') return
  const params = { orderId: id }
  const steps = {
    dispatch: () =>
      staff.request('POST /orders/{orderId}/shipment/dispatch', {
        params,
        key: 'dispatch',
        body: { carrier: 'Replay Post', trackingNumber: `RP-${plan.key}` },
      }),
    deliver: () => staff.request('POST /orders/{orderId}/shipment/deliver', { params, key: 'deliver' }),
  }
  const step = async (action: keyof typeof steps, status: 'shipped' | 'delivered') => {
    await until(`the shipment of order ${id}`, async () => {
      const answer = await steps[action]()
      if (answer.ok) return true
      // The shipment is made a moment after the order is confirmed, and until then the shop asks for patience.
      if (answer.problem.code === 'IN_FLIGHT') return undefined
      throw new ShopProblem(`POST /orders/{orderId}/shipment/${action}`, answer.status, answer.problem)
    })
    await until(`order ${id} being ${status}`, async () => {
      const order = await readOrder(shopper, id)
      return order.status === status || undefined
    })
    story.status = status
  }
  await step('dispatch', 'shipped')
  if (plan.fulfilment === 'delivered') await step('deliver', 'delivered')
}

/** The customer cancels. @returns `cancelled`, or the code with which the shop refused */
export const cancel = async (story: Story): Promise<string> => {
  const answer = await story.shopper.request('POST /orders/{orderId}/cancel', {
    params: { orderId: story.id },
    key: 'cancel',
  })
  if (!answer.ok) {
    if (answer.status === 409) return answer.problem.code
    throw new ShopProblem('POST /orders/{orderId}/cancel', answer.status, answer.problem)
  }
  story.status = 'cancelled'
  story.reason = 'by-customer'
  return 'cancelled'
}

/** What was paid for some units of a line, tax included; rounded down, so that parts never add up to more than the line. */
export const paidFor = ({ lines, pricesIncludeTax }: Order, sku: string, units: number): number => {
  const line = lines.find((each) => each.sku === sku)
  if (!line) return 0
  const paid = line.total.amount + (pricesIncludeTax ? 0 : line.tax.amount)
  return Math.floor((paid * units) / line.quantity)
}

/** Staff give back what some units of a line cost, once the payment is captured. @returns minor units */
export const refund = async ({ staff }: People, story: Story, sku: string, units: number, key: string) => {
  const amount = { amount: paidFor(story.order, sku, units), currency: story.order.total.currency }
  if (amount.amount === 0) return 0
  await until(`the capture of order ${story.id}`, async () => {
    const answer = await staff.request('POST /orders/{orderId}/payment/refunds', {
      params: { orderId: story.id },
      key,
      body: { amount, reason: 'goods came back' },
    })
    if (answer.ok) return true
    if (answer.problem.code === 'NOT_CAPTURED') return undefined
    throw new ShopProblem('POST /orders/{orderId}/payment/refunds', answer.status, answer.problem)
  })
  story.refunded += amount.amount
  return amount.amount
}
