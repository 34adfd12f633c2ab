import { now } from '../../../shared/runtime/clock.ts'
import { type Consume, consume } from '../../../shared/runtime/consume.ts'
import { repeated } from '../../../shared/runtime/repeated.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { consumers } from '../contract.ts'
import { withoutOrdered } from '../domain.ts'
import { type CartsTable, cartsTable } from '../table.ts'

/** The order is noted in the write that takes its lines out, so a second delivery takes nothing more. */
export const clearCart =
  ({ carts }: { carts: Pick<CartsTable, 'get' | 'replace'> }): Consume<typeof consumers.clearCart> =>
  async ({ data: { cartId, orderId, order } }) => {
    await repeated(async () => {
      const cart = await carts.get(cartId)
      const cleared = cart && withoutOrdered(cart, { orderId, lines: order.lines })
      return cleared ? carts.replace(cleared) : true
    })
  }

export const handler = consume(consumers.clearCart, () => clearCart({ carts: cartsTable({ table: openTable(), now }) }))
