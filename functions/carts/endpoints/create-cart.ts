import { newId } from '../../../shared/runtime/clock.ts'
import { notFound, personIsErased, serve } from '../../../shared/runtime/serve.ts'
import { endpoints } from '../contract.ts'
import { myCartId } from '../domain.ts'
import * as parts from '../parts.ts'
import { answerOf } from '../view.ts'

/** The first cart that a customer makes is their own, which they find again on every device; further ones are others. */
export const handler = serve(
  endpoints.createCart,
  { table: parts.table, carts: parts.carts, currency: parts.currency },
  async function createCart({ caller, idempotencyKey, replayOf }, { carts, currency }) {
    const cart = replayOf
      ? await carts.get(replayOf)
      : await carts.insert(
          { ownerId: caller.id, currency, lines: [] },
          caller.kind === 'customer' ? [myCartId(caller.id), newId('crt')] : [newId('crt')],
          idempotencyKey,
        )
    if (!cart) return replayOf ? notFound('cart') : personIsErased()
    return { ...answerOf(cart), location: `/carts/${cart.id}` }
  },
)
