import { retryOnConflict } from '../../../shared/runtime/retry-on-conflict.ts'
import { isStale, notFound, problem, serve, staleVersion } from '../../../shared/runtime/serve.ts'
import { endpoints } from '../contract.ts'
import { type Cart, merged } from '../domain.ts'
import * as parts from '../parts.ts'
import { answerOf } from '../view.ts'

/**
 * Who logs in takes the cart along that they had as a guest: to customers a guest's cart is given by its id, 80 random bits that
 * only its guest was told, and once. A guest is given none but their own, and a customer's cart goes to that customer only.
 */
const mayTake = (from: Cart, caller: { id: string; kind: 'guest' | 'customer' }): boolean =>
  from.ownerId === caller.id || (caller.kind === 'customer' && from.ownerId.startsWith('gst_'))

export const handler = serve(
  endpoints.mergeCart,
  { carts: parts.carts },
  function mergeCart({ params: { cartId }, body, caller, ifMatch }, { carts }) {
    return retryOnConflict(async () => {
      const [into, from] = await carts.getPair(cartId, body.from)
      if (into?.ownerId !== caller.id || into.mergedInto) return notFound('cart')
      if (body.from === cartId || from?.mergedInto === cartId) return answerOf(into)
      if (!from || from.mergedInto || !mayTake(from, caller)) return notFound('cart')
      if (isStale(ifMatch, into.version)) return staleVersion()
      const changed = merged(into, from)
      if (!changed.ok) return problem(changed.reason, changed.detail)
      const written = await carts.replaceBoth(changed.value, {
        ...from,
        lines: [],
        mergedInto: cartId,
        mergedVersion: into.version + 1,
      })
      return written && answerOf(written)
    })
  },
)
