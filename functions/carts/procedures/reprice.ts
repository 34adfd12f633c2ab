import { provide } from '../../../shared/runtime/call.ts'
import { now } from '../../../shared/runtime/clock.ts'
import { repeated } from '../../../shared/runtime/repeated.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { reprice } from '../../published/carts.ts'
import { isOpenTo, repriced } from '../domain.ts'
import { cartsTable } from '../table.ts'

/** Lines that have gone meanwhile are left out, and those that came keep the price they came with. */
export const handler = provide(reprice, () => {
  const carts = cartsTable({ table: openTable(), now })
  return ({ cartId, ownerId, variants }) =>
    repeated(async () => {
      const cart = await carts.get(cartId)
      if (!isOpenTo(cart, ownerId)) return {}
      const changed = repriced(cart, variants)
      if (!changed) return { version: cart.version }
      const written = await carts.replace(changed)
      return written && { version: written.version }
    })
})
