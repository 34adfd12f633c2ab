import { now } from '../../../shared/runtime/clock.ts'
import { repeated } from '../../../shared/runtime/repeated.ts'
import { type Answer, type Handle, isStale, notFound, serve, staleVersion } from '../../../shared/runtime/serve.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { endpoints } from '../contract.ts'
import { isOpenTo, withoutLine } from '../domain.ts'
import { type CartsTable, cartsTable } from '../table.ts'
import { answerOf } from '../view.ts'

export const removeLine =
  ({ carts }: { carts: Pick<CartsTable, 'get' | 'replace'> }): Handle<typeof endpoints.removeLine> =>
  ({ params: { cartId, sku }, caller, ifMatch }) =>
    repeated<Answer<typeof endpoints.removeLine>>(async () => {
      const cart = await carts.get(cartId)
      if (!isOpenTo(cart, caller.id)) return notFound('cart')
      if (isStale(ifMatch, cart.version)) return staleVersion()
      if (!cart.lines.some((line) => line.sku === sku)) return answerOf(cart)
      const written = await carts.replace(withoutLine(cart, sku))
      return written && answerOf(written)
    })

export const handler = serve(endpoints.removeLine, () => removeLine({ carts: cartsTable({ table: openTable(), now }) }))
