import { call } from '../../../shared/runtime/call.ts'
import { now } from '../../../shared/runtime/clock.ts'
import { type Handle, serve } from '../../../shared/runtime/serve.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { quote } from '../../published/catalog.ts'
import { levels } from '../../published/inventory.ts'
import { endpoints } from '../contract.ts'
import { type SetLines, setLines as setAll } from '../set-lines.ts'
import { cartsTable } from '../table.ts'
import { askLevels } from '../view.ts'

export const setLines =
  ({ set }: { set: SetLines }): Handle<typeof endpoints.setLines> =>
  ({ params: { cartId }, body: { items }, caller, ifMatch }) =>
    set({ cartId, ownerId: caller.id, ifMatch }, items)

export const handler = serve(endpoints.setLines, () =>
  setLines({
    set: setAll({
      carts: cartsTable({ table: openTable(), now }),
      quote: call(quote),
      levelsOf: askLevels(call(levels)),
    }),
  }),
)
