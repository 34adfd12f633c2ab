import { provide } from '../../../shared/runtime/call.ts'
import * as published from '../../published/carts.ts'
import { isOpenTo } from '../domain.ts'
import * as parts from '../parts.ts'

export const handler = provide(
  published.checkoutSnapshot,
  { carts: parts.carts },
  async function checkoutSnapshot({ cartId, ownerId }, { carts }) {
    const cart = await carts.get(cartId)
    if (!isOpenTo(cart, ownerId)) return {}
    const lines = cart.lines.map(({ rises: _, ...line }) => line)
    const lastOrderId = cart.ordered?.at(-1)
    return { cart: { id: cart.id, version: cart.version, lines, ...(lastOrderId && { lastOrderId }) } }
  },
)
