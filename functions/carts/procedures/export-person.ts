import { provide } from '../../../shared/runtime/call.ts'
import { now } from '../../../shared/runtime/clock.ts'
import { exportPerson as exported, type ReadKind } from '../../../shared/runtime/export.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { exportPerson } from '../../published/carts.ts'
import { type CartsTable, cartsTable } from '../table.ts'
import { viewOf } from '../view.ts'

const cartsPerPage = 25

const readCarts =
  ({ carts }: { carts: Pick<CartsTable, 'pageOfOwner'> }): ReadKind =>
  async (userId, after) => {
    const page = await carts.pageOfOwner(userId, after, cartsPerPage)
    return { entries: page.carts.map((cart) => ({ at: cart.id, record: viewOf(cart) })), more: page.more }
  }

export const handler = provide(exportPerson, () =>
  exported({ cart: readCarts({ carts: cartsTable({ table: openTable(), now }) }) }),
)
