/** One planned order, from an empty cart to the doorstep, as a shopper and the shop's staff would do it. */

import { placeIn } from '../invoices/countries.ts'
import type { PlannedOrder } from '../invoices/orders.ts'
import { type Ask, codeOf, expected, UnexpectedAnswer, until } from '../shop/ask.ts'
import type { Session } from '../shop/session.ts'
import { Cart, Order, Payment } from '../shop/shapes.ts'

/** What became of an order, as the replay was told; the reconciliation compares it with what the shop keeps. */
export type Story = {
  plan: PlannedOrder
  id: string
  session: Session
  /** As the shop told it; its amounts do not change after that. */
  order: Order
  status: 'confirmed' | 'shipped' | 'delivered' | 'cancelled'
  reason: string | undefined
  /** Minor units that staff gave back. */
  refunded: number
  /** Units given back, by SKU. */
  returned: Map<string, number>
}

export type People = { ask: Ask; staff: Session }

const addressOf = (customer: string | undefined, country: string) => ({
  name: customer ? `Customer ${customer}` : 'A customer without a number',
  line1: '1 Replay Street',
  city: 'Invoice Town',
  ...placeIn(country),
  country,
})

const fillCart = async (ask: Ask, session: Session, { key, lines }: PlannedOrder): Promise<string> => {
  const answer = await ask('POST', '/carts', { as: session, key: `replay-cart-${key}` })
  const { id } = expected(Cart, 201, 'POST', '/carts', answer)
  const path = `/carts/${id}/items`
  const items = lines.map(({ sku, quantity }) => ({ sku, quantity }))
  const set = await ask('PUT', path, { as: session, body: { items } })
  if (set.status !== 200) throw new UnexpectedAnswer('PUT', path, set)
  return id
}

const readOrder = async (ask: Ask, session: Session, id: string): Promise<Order> =>
  expected(Order, 200, 'GET', `/orders/${id}`, await ask('GET', `/orders/${id}`, { as: session }))

const isUndecided = ({ status }: Order): boolean => status === 'placed' || status === 'awaiting-payment'

/** Answers the bank's question once it is asked. */
const confirmPayment = async (ask: Ask, session: Session, id: string, outcome: string): Promise<void> => {
  const path = `/orders/${id}/payment`
  await until(`the question of order ${id}'s bank`, async () => {
    const answer = await ask('GET', path, { as: session })
    // Until the stock is reserved there is no payment.
    if (answer.status === 404) return undefined
    return expected(Payment, 200, 'GET', path, answer).status === 'action-required' || undefined
  })
  // The key makes it repeatable should the shop be busy; the answer to the bank is the same each time.
  const answer = await ask('POST', `${path}/confirm`, { as: session, key: 'confirm', body: { outcome } })
  if (answer.status !== 200) throw new UnexpectedAnswer('POST', `${path}/confirm`, answer)
}

/**
 * Fills a cart, orders it, and waits until the shop has confirmed or cancelled the order.
 * @throws UnexpectedAnswer when a request is refused
 */
export const placeOrder = async (
  ask: Ask,
  session: Session,
  customer: string | undefined,
  plan: PlannedOrder,
): Promise<Story> => {
  const cartId = await fillCart(ask, session, plan)
  const asksBank = plan.payment === 'sandbox_action_required'
  const answer = await ask('POST', '/orders', {
    as: session,
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
  const placed = expected(Order, 202, 'POST', '/orders', answer)
  if (asksBank) await confirmPayment(ask, session, placed.id, plan.confirmation)
  const order = isUndecided(placed)
    ? await until(`the outcome of order ${placed.id}`, async () => {
        const latest = await readOrder(ask, session, placed.id)
        return isUndecided(latest) ? undefined : latest
      })
    : placed
  const status = order.status === 'cancelled' ? 'cancelled' : 'confirmed'
  return { plan, id: order.id, session, order, status, reason: order.reason, refunded: 0, returned: new Map() }
}

/** Staff hand it to the carrier and, where planned, see it delivered. Waits until the order shows it. */
export const fulfil = async ({ ask, staff }: People, story: Story): Promise<void> => {
  const { id, plan, session } = story
  if (plan.fulfilment === 'none' || story.status !== 'confirmed') return
  const step = async (action: 'dispatch' | 'deliver', status: 'shipped' | 'delivered', body?: object) => {
    const path = `/orders/${id}/shipment/${action}`
    await until(`the shipment of order ${id}`, async () => {
      const answer = await ask('POST', path, { as: staff, key: action, body })
      // The shipment is made a moment after the order is confirmed, and until then the shop asks for patience.
      if (answer.status === 409 && codeOf(answer) === 'IN_FLIGHT') return undefined
      if (answer.status !== 200) throw new UnexpectedAnswer('POST', path, answer)
      return true
    })
    await until(`order ${id} being ${status}`, async () => {
      const order = await readOrder(ask, session, id)
      return order.status === status || undefined
    })
    story.status = status
  }
  await step('dispatch', 'shipped', { carrier: 'Replay Post', trackingNumber: `RP-${plan.key}` })
  if (plan.fulfilment === 'delivered') await step('deliver', 'delivered')
}

/** The customer cancels. @returns `cancelled`, or the code with which the shop refused */
export const cancel = async ({ ask }: People, story: Story): Promise<string> => {
  const path = `/orders/${story.id}/cancel`
  const answer = await ask('POST', path, { as: story.session, key: 'cancel' })
  if (answer.status === 409) return codeOf(answer)
  if (answer.status !== 200) throw new UnexpectedAnswer('POST', path, answer)
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
export const refund = async ({ ask, staff }: People, story: Story, sku: string, units: number, key: string) => {
  const path = `/orders/${story.id}/payment/refunds`
  const amount = { amount: paidFor(story.order, sku, units), currency: story.order.total.currency }
  if (amount.amount === 0) return 0
  await until(`the capture of order ${story.id}`, async () => {
    const answer = await ask('POST', path, { as: staff, key, body: { amount, reason: 'goods came back' } })
    if (codeOf(answer) === 'NOT_CAPTURED') return undefined
    if (answer.status !== 201) throw new UnexpectedAnswer('POST', path, answer)
    return true
  })
  story.refunded += amount.amount
  return amount.amount
}
