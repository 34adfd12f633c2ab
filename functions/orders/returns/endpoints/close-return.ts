import { type Now, newId, now } from '../../../../shared/runtime/clock.ts'
import type { Handle } from '../../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../../shared/runtime/serve-staff.ts'
import { openTable } from '../../../../shared/runtime/table.ts'
import { endpoints } from '../../contract.ts'
import { type OrdersTable, ordersTable } from '../../table.ts'
import { answerOfReturn } from '../../view.ts'
import { changeReturn } from '../change-return.ts'
import { endReturn } from '../domain.ts'

type Dependencies = { orders: Pick<OrdersTable, 'get' | 'orderOfReturn' | 'replace'>; now: Now }

/** A return that waits for goods which never come would keep their units from any other. */
export const closeReturn =
  ({ orders, now }: Dependencies): Handle<typeof endpoints.closeReturn> =>
  async ({ params: { returnId }, caller, ifMatch }) => {
    const changed = await changeReturn(orders)({ returnId, ifMatch, mayChange: () => true }, (order, before) =>
      endReturn(order, before, { status: 'closed', by: caller.id, atMs: now() }),
    )
    return 'problem' in changed ? changed : answerOfReturn(changed.order.id, changed.returned, caller)
  }

export const handler = serveStaff(endpoints.closeReturn, () =>
  closeReturn({ orders: ordersTable({ table: openTable(), now, newId }), now }),
)
