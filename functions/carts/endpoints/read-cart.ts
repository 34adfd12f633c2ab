import { call } from '../../../shared/runtime/call.ts'
import { now } from '../../../shared/runtime/clock.ts'
import { type Handle, notFound, serve } from '../../../shared/runtime/serve.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { levels } from '../../published/inventory.ts'
import { endpoints } from '../contract.ts'
import { isOpenTo } from '../domain.ts'
import { type CartsTable, cartsTable } from '../table.ts'
import { type AskLevels, answerWithLevels, askLevels } from '../view.ts'

type Dependencies = { carts: Pick<CartsTable, 'get'>; levelsOf: AskLevels }

export const readCart =
  ({ carts, levelsOf }: Dependencies): Handle<typeof endpoints.readCart> =>
  async ({ params, caller }) => {
    const cart = await carts.get(params.cartId)
    return isOpenTo(cart, caller.id) ? answerWithLevels(levelsOf)(cart) : notFound('cart')
  }

export const handler = serve(endpoints.readCart, () =>
  readCart({ carts: cartsTable({ table: openTable(), now }), levelsOf: askLevels(call(levels)) }),
)
