import { call } from '../../../shared/runtime/call.ts'
import { now } from '../../../shared/runtime/clock.ts'
import { type Handle, serve } from '../../../shared/runtime/serve.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { quote } from '../../published/catalog.ts'
import { levels } from '../../published/inventory.ts'
import { endpoints } from '../contract.ts'
import { type SetLines, setLines } from '../set-lines.ts'
import { cartsTable } from '../table.ts'
import { askLevels } from '../view.ts'

export const setLine =
  ({ set }: { set: SetLines }): Handle<typeof endpoints.setLine> =>
  ({ params: { cartId, sku }, body: { quantity }, caller, ifMatch }) =>
    set({ cartId, ownerId: caller.id, ifMatch }, [{ sku, quantity }])

export const handler = serve(endpoints.setLine, () =>
  setLine({
    set: setLines({
      carts: cartsTable({ table: openTable(), now }),
      quote: call(quote),
      levelsOf: askLevels(call(levels)),
    }),
  }),
)
