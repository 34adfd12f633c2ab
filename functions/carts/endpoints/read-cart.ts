import { now } from '../../../shared/runtime/clock.ts'
import { type Handle, notFound, serve } from '../../../shared/runtime/serve.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { endpoints } from '../contract.ts'
import { type CartsTable, cartsTable } from '../table.ts'
import { answerOf } from '../view.ts'

export const readCart =
  ({ carts }: { carts: Pick<CartsTable, 'get'> }): Handle<typeof endpoints.readCart> =>
  async ({ params, caller }) => {
    const cart = await carts.get(params.cartId)
    return cart?.ownerId === caller.id ? answerOf(cart) : notFound('cart')
  }

export const handler = serve(endpoints.readCart, () => readCart({ carts: cartsTable({ table: openTable(), now }) }))
