import { retryOnConflict } from '../../../shared/runtime/retry-on-conflict.ts'
import { isStale, notFound, serve, staleVersion } from '../../../shared/runtime/serve.ts'
import { endpoints } from '../contract.ts'
import { isOpenTo, withoutLine } from '../domain.ts'
import * as parts from '../parts.ts'
import { answerOf } from '../view.ts'

export const handler = serve(
  endpoints.removeLine,
  { carts: parts.carts },
  function removeLine({ params: { cartId, sku }, caller, ifMatch }, { carts }) {
    return retryOnConflict(async () => {
      const cart = await carts.get(cartId)
      if (!isOpenTo(cart, caller.id)) return notFound('cart')
      if (isStale(ifMatch, cart.version)) return staleVersion()
      if (!cart.lines.some((line) => line.sku === sku)) return answerOf(cart)
      const written = await carts.replace(withoutLine(cart, sku))
      return written && answerOf(written)
    })
  },
)
