import { consume } from '../../../shared/runtime/consume.ts'
import { retryOnConflict } from '../../../shared/runtime/retry-on-conflict.ts'
import { consumers } from '../contract.ts'
import { type Ordered, withoutOrdered } from '../domain.ts'
import * as parts from '../parts.ts'
import type { CartsTable } from '../table.ts'

type Place = { cartId: string; cartVersion: number }

/** A cart is merged into another once, on logging in; that into a third is rare, and more is nobody's way. */
const maxMerges = 3

/** @returns where the lines lie, or `done` */
const clear = (
  carts: CartsTable,
  { cartId, cartVersion }: Place,
  order: Omit<Ordered, 'cartVersion'>,
): Promise<Place | 'done'> =>
  retryOnConflict(async () => {
    const cart = await carts.get(cartId)
    const cleared = cart && withoutOrdered(cart, { ...order, cartVersion })
    if (!cleared) return 'done'
    if (cart.mergedInto !== undefined && cart.mergedVersion !== undefined)
      return { cartId: cart.mergedInto, cartVersion: cart.mergedVersion }
    return (await carts.replace(cleared)) && 'done'
  })

/**
 * The order is noted in the write that takes its lines out, so a second delivery takes nothing more. Where the cart was
 * merged into another after it was ordered, its lines lie there, and are taken out of that one.
 */
export const handler = consume(
  consumers.clearCart,
  { carts: parts.carts },
  async function clearCart({ data: { cartId, cartVersion, orderId, order } }, { carts }) {
    let place: Place | 'done' = { cartId, cartVersion }
    for (let merges = 0; place !== 'done' && merges <= maxMerges; merges += 1)
      place = await clear(carts, place, { orderId, lines: order.lines })
  },
)
