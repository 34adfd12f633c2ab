import { now } from '../../../shared/runtime/clock.ts'
import { type Consume, consume } from '../../../shared/runtime/consume.ts'
import { repeated } from '../../../shared/runtime/repeated.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { consumers } from '../contract.ts'
import { type Ordered, withoutOrdered } from '../domain.ts'
import { type CartsTable, cartsTable } from '../table.ts'

type Place = { cartId: string; cartVersion: number }

/** A cart is merged into another once, on logging in; that into a third is rare, and more is nobody's way. */
const maxMerges = 3

/**
 * The order is noted in the write that takes its lines out, so a second delivery takes nothing more. Where the cart was
 * merged into another after it was ordered, its lines lie there, and are taken out of that one.
 */
export const clearCart = ({
  carts,
}: {
  carts: Pick<CartsTable, 'get' | 'replace'>
}): Consume<typeof consumers.clearCart> => {
  /** @returns where the lines lie, or `done` */
  const clear = ({ cartId, cartVersion }: Place, order: Omit<Ordered, 'cartVersion'>): Promise<Place | 'done'> =>
    repeated(async () => {
      const cart = await carts.get(cartId)
      const cleared = cart && withoutOrdered(cart, { ...order, cartVersion })
      if (!cleared) return 'done'
      if (cart.mergedInto !== undefined && cart.mergedVersion !== undefined)
        return { cartId: cart.mergedInto, cartVersion: cart.mergedVersion }
      return (await carts.replace(cleared)) && 'done'
    })
  return async ({ data: { cartId, cartVersion, orderId, order } }) => {
    let place: Place | 'done' = { cartId, cartVersion }
    for (let merges = 0; place !== 'done' && merges <= maxMerges; merges += 1)
      place = await clear(place, { orderId, lines: order.lines })
  }
}

export const handler = consume(consumers.clearCart, () => clearCart({ carts: cartsTable({ table: openTable(), now }) }))
