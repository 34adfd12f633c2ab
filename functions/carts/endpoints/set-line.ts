import { type Call, call } from '../../../shared/runtime/call.ts'
import { now } from '../../../shared/runtime/clock.ts'
import { repeated } from '../../../shared/runtime/repeated.ts'
import {
  type Answer,
  type Handle,
  isStale,
  notFound,
  problem,
  serve,
  staleVersion,
} from '../../../shared/runtime/serve.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { quote } from '../../catalog/procedures.ts'
import { endpoints } from '../contract.ts'
import { withLine } from '../domain.ts'
import { type CartsTable, cartsTable } from '../table.ts'
import { answerOf } from '../view.ts'

type Dependencies = { carts: Pick<CartsTable, 'get' | 'replace'>; quote: Call<typeof quote> }

export const setLine =
  ({ carts, quote }: Dependencies): Handle<typeof endpoints.setLine> =>
  async ({ params: { cartId, sku }, body: { quantity }, caller, ifMatch }) => {
    const pricing = quote({ skus: [sku] })
    const [first, { variants }] = await Promise.all([carts.get(cartId), pricing])
    if (first?.ownerId !== caller.id) return notFound('cart')
    const [variant] = variants
    if (!variant) return notFound('variant')
    const line = { sku, title: variant.title, quantity, unitPrice: variant.unitPrice }
    let read = Promise.resolve<typeof first | undefined>(first)
    return repeated<Answer<typeof endpoints.setLine>>(async () => {
      const cart = await read
      if (cart?.ownerId !== caller.id) return notFound('cart')
      if (isStale(ifMatch, cart.version)) return staleVersion()
      const changed = withLine(cart, line)
      if (!changed.ok) return problem(changed.reason, changed.detail)
      const written = await carts.replace(changed.value)
      if (written) return answerOf(written)
      read = carts.get(cartId)
      return undefined
    })
  }

export const handler = serve(endpoints.setLine, () =>
  setLine({ carts: cartsTable({ table: openTable(), now }), quote: call(quote) }),
)
