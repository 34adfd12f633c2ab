import { call } from '../../../shared/runtime/call.ts'
import { now } from '../../../shared/runtime/clock.ts'
import { type Handle, serve } from '../../../shared/runtime/serve.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { quote } from '../../catalog/procedures.ts'
import { endpoints } from '../contract.ts'
import { type SetLines, setLines } from '../set-lines.ts'
import { cartsTable } from '../table.ts'
import { answerOf } from '../view.ts'

export const setLine =
  ({ set }: { set: SetLines }): Handle<typeof endpoints.setLine> =>
  async ({ params: { cartId, sku }, body: { quantity }, caller, ifMatch }) => {
    const outcome = await set({ cartId, ownerId: caller.id, ifMatch }, [{ sku, quantity }])
    return 'problem' in outcome ? outcome : answerOf(outcome)
  }

export const handler = serve(endpoints.setLine, () =>
  setLine({ set: setLines({ carts: cartsTable({ table: openTable(), now }), quote: call(quote) }) }),
)
