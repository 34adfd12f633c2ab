import type { InputError } from '../../../shared/contract/problem.ts'
import { checkAddress } from '../../../shared/domain/address.ts'
import type { NewId } from '../../../shared/domain/ids.ts'
import { type Call, call } from '../../../shared/runtime/call.ts'
import { type Now, newId, now, type Sleep, sleep } from '../../../shared/runtime/clock.ts'
import { correlate, count } from '../../../shared/runtime/observability.ts'
import { type Handle, notFound, personIsErased, problem, serve } from '../../../shared/runtime/serve.ts'
import { shopSettings } from '../../../shared/runtime/settings.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { checkoutSnapshot } from '../../carts/procedures.ts'
import { quote as catalogQuote } from '../../catalog/procedures.ts'
import { quote as shippingQuote } from '../../shipping/procedures.ts'
import { endpoints, metrics } from '../contract.ts'
import { isUndecided, maxUndecidedOrders, type Order, place } from '../domain.ts'
import { factsOf } from '../outcomes.ts'
import { type OrdersTable, ordersTable } from '../table.ts'
import { answerOf } from '../view.ts'

type Dependencies = {
  orders: Pick<OrdersTable, 'get' | 'insert' | 'countUndecided' | 'refuseRepetition'>
  snapshot: Call<typeof checkoutSnapshot>
  quote: Call<typeof catalogQuote>
  quoteShipping: Call<typeof shippingQuote>
  shop: { currency: string; pricesIncludeTax: boolean }
  now: Now
  newId: NewId
  sleep: Sleep
}

/**
 * Asks again at growing intervals until the saga has confirmed or cancelled the order, or the time is up. A wait
 * holds a whole function: only the request that placed the order waits, and only where it is the shopper's one undecided
 * order. Repeating a request holds nothing.
 */
const settled = async (
  order: Order,
  waitSeconds: number,
  { orders, now, sleep }: Pick<Dependencies, 'orders' | 'now' | 'sleep'>,
): Promise<Order> => {
  const until = now() + waitSeconds * 1000
  let latest = order
  for (let pauseMs = 40; isUndecided(latest) && now() < until; pauseMs = Math.min(500, pauseMs * 1.3)) {
    await sleep(Math.min(pauseMs, until - now()))
    latest = (await orders.get(order.id)) ?? latest
  }
  return latest
}

/** Pointers of the address become pointers of the body that it stands in. */
const noSuchAddress = (errors: readonly InputError[]) =>
  problem('INVALID_INPUT', 'No address in this country looks like that.', {
    errors: errors.map((error) => ({ ...error, pointer: `/shippingAddress${error.pointer}` })),
  })

export const placeOrder = (dependencies: Dependencies): Handle<typeof endpoints.placeOrder> => {
  const { orders, snapshot, quote, quoteShipping, shop, now, newId } = dependencies
  const answer = async (order: Order, waitSeconds: number) => ({
    ...answerOf(await settled(order, waitSeconds, dependencies)),
    location: `/orders/${order.id}`,
  })
  return async ({ body, caller, once, replayOf, waitSeconds }) => {
    if (replayOf) {
      const order = await orders.get(replayOf)
      return order ? answer(order, 0) : notFound('order')
    }
    const checked = checkAddress(body.shippingAddress)
    if (!checked.ok) return noSuchAddress(checked.errors)
    const { address } = checked
    const [{ cart }, undecided] = await Promise.all([
      snapshot({ cartId: body.cartId, ownerId: caller.id }),
      orders.countUndecided(caller.id),
    ])
    if (!cart) return notFound('cart')
    if (undecided >= maxUndecidedOrders) {
      // One of them may be this very request's, sent twice at once.
      await orders.refuseRepetition(once)
      return problem(
        'TOO_MANY_UNDECIDED_ORDERS',
        `${maxUndecidedOrders} of your orders are not confirmed yet: pay them, cancel one, or wait.`,
      )
    }
    if (cart.lines.length === 0) return problem('CART_EMPTY', 'There is nothing in the cart.')
    const { variants } = await quote({ skus: cart.lines.map(({ sku }) => sku) })
    const weightGrams = variants.reduce(
      (sum, { sku, weightGrams }) => sum + weightGrams * (cart.lines.find((line) => line.sku === sku)?.quantity ?? 0),
      0,
    )
    const { country } = address
    const { method } = await quoteShipping({ methodId: body.shippingMethod, country, weightGrams })
    if (!method)
      return problem('SHIPPING_UNAVAILABLE', `There is no shipping method "${body.shippingMethod}" to ${country}.`)
    const placed = place({
      id: newId('ord'),
      customerId: caller.id,
      atMs: now(),
      ...shop,
      cart,
      variants,
      shippingMethod: method,
      shippingAddress: address,
      email: body.email,
      paymentMethod: body.payment.method,
    })
    if (!placed.ok) return problem(placed.reason, placed.detail)
    correlate({ orderId: placed.value.id })
    const order = await orders.insert(placed.value, factsOf(placed.value), once)
    if (!order) return personIsErased()
    count(metrics.ordersPlaced)
    return answer(order, undecided === 0 ? waitSeconds : 0)
  }
}

export const handler = serve(
  endpoints.placeOrder,
  () =>
    placeOrder({
      orders: ordersTable({ table: openTable(), now, newId }),
      snapshot: call(checkoutSnapshot),
      quote: call(catalogQuote),
      quoteShipping: call(shippingQuote),
      shop: shopSettings(),
      now,
      newId,
      sleep,
    }),
  openTable,
)
