import { provide } from '../../../shared/runtime/call.ts'
import { now } from '../../../shared/runtime/clock.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { checkoutSnapshot as declaration } from '../procedures.ts'
import { cartsTable } from '../table.ts'

export const handler = provide(declaration, () => {
  const carts = cartsTable({ table: openTable(), now })
  return async ({ cartId, ownerId }) => {
    const cart = await carts.get(cartId)
    if (cart?.ownerId !== ownerId || cart.mergedInto) return {}
    return {
      cart: { id: cart.id, version: cart.version, lines: cart.lines.map(({ sku, quantity }) => ({ sku, quantity })) },
    }
  }
})
