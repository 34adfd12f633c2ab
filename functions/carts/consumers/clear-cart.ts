import { now } from '../../../shared/runtime/clock.ts'
import { type Consume, consume } from '../../../shared/runtime/consume.ts'
import { repeated } from '../../../shared/runtime/repeated.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { consumers } from '../contract.ts'
import { withoutOrdered } from '../domain.ts'
import { type CartsTable, cartsTable } from '../table.ts'

/** The mark of the order rides in the write that takes its lines out, so a second delivery takes nothing more. */
export const clearCart =
  ({ carts }: { carts: Pick<CartsTable, 'getWithMark' | 'replaceForOrder'> }): Consume<typeof consumers.clearCart> =>
  async ({ data: { cartId, orderId, order } }) => {
    await repeated(async () => {
      const { cart, marked } = await carts.getWithMark(cartId, orderId)
      if (!cart || marked) return true
      return (await carts.replaceForOrder(withoutOrdered(cart, order.lines), orderId)) || undefined
    })
  }

export const handler = consume(consumers.clearCart, () => clearCart({ carts: cartsTable({ table: openTable(), now }) }))
