import { provide } from '../../../shared/runtime/call.ts'
import { retryOnConflict } from '../../../shared/runtime/retry-on-conflict.ts'
import * as published from '../../published/carts.ts'
import { isOpenTo, repriced } from '../domain.ts'
import * as parts from '../parts.ts'

/** Lines that have gone meanwhile are left out, and those that came keep the price they came with. */
export const handler = provide(
  published.reprice,
  { carts: parts.carts },
  function reprice({ cartId, ownerId, variants }, { carts }) {
    return retryOnConflict(async () => {
      const cart = await carts.get(cartId)
      if (!isOpenTo(cart, ownerId)) return {}
      const changed = repriced(cart, variants)
      if (!changed) return { version: cart.version }
      const written = await carts.replace(changed)
      return written && { version: written.version }
    })
  },
)
