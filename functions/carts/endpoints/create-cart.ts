import type { NewId } from '../../../shared/domain/ids.ts'
import { newId, now } from '../../../shared/runtime/clock.ts'
import { type Handle, notFound, personIsErased, serve } from '../../../shared/runtime/serve.ts'
import { shopSettings } from '../../../shared/runtime/settings.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { endpoints } from '../contract.ts'
import { myCartId } from '../domain.ts'
import { type CartsTable, cartsTable } from '../table.ts'
import { answerOf } from '../view.ts'

type Dependencies = { carts: CartsTable; newId: NewId; currency: string }

/** The first cart that a customer makes is their own, which they find again on every device; further ones are others. */
export const createCart =
  ({ carts, newId, currency }: Dependencies): Handle<typeof endpoints.createCart> =>
  async ({ caller, once, replayOf }) => {
    const cart = replayOf
      ? await carts.get(replayOf)
      : await carts.insert(
          { ownerId: caller.id, currency, lines: [] },
          caller.kind === 'customer' ? [myCartId(caller.id), newId('crt')] : [newId('crt')],
          once,
        )
    if (!cart) return replayOf ? notFound('cart') : personIsErased()
    return { ...answerOf(cart), location: `/carts/${cart.id}` }
  }

export const handler = serve(
  endpoints.createCart,
  () => createCart({ carts: cartsTable({ table: openTable(), now }), newId, currency: shopSettings().currency }),
  openTable,
)
