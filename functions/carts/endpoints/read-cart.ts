import { notFound, serve } from '../../../shared/runtime/serve.ts'
import { endpoints } from '../contract.ts'
import { isOpenTo } from '../domain.ts'
import * as parts from '../parts.ts'
import { answerWithLevels } from '../view.ts'

export const handler = serve(
  endpoints.readCart,
  { carts: parts.carts, levelsOf: parts.levelsOf },
  async function readCart({ params, caller }, { carts, levelsOf }) {
    const cart = await carts.get(params.cartId)
    return isOpenTo(cart, caller.id) ? answerWithLevels(cart, levelsOf) : notFound('cart')
  },
)
