import { provide } from '../../../shared/runtime/call.ts'
import { now } from '../../../shared/runtime/clock.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { checkoutSnapshot as declaration } from '../../published/carts.ts'
import { isOpenTo } from '../domain.ts'
import { cartsTable } from '../table.ts'

export const handler = provide(declaration, () => {
  const carts = cartsTable({ table: openTable(), now })
  return async ({ cartId, ownerId }) => {
    const cart = await carts.get(cartId)
    if (!isOpenTo(cart, ownerId)) return {}
    const lines = cart.lines.map(({ rises: _, ...line }) => line)
    const lastOrderId = cart.ordered?.at(-1)
    return { cart: { id: cart.id, version: cart.version, lines, ...(lastOrderId && { lastOrderId }) } }
  }
})
