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

/** Whoever announced the wrong goods withdraws that return and asks for another one. */
export const withdrawReturn =
  ({ orders, now }: Dependencies): Handle<typeof endpoints.withdrawReturn> =>
  async ({ params: { returnId }, caller, ifMatch }) => {
    const changed = await changeReturn(orders)(
      { returnId, ifMatch, mayChange: (order) => caller.staff || order.customerId === caller.id },
      (order, before) =>
        endReturn(order, before, {
          status: 'withdrawn',
          by: order.customerId === caller.id ? undefined : caller.id,
          atMs: now(),
        }),
    )
    return 'problem' in changed ? changed : answerOfReturn(changed.order.id, changed.returned, caller)
  }

export const handler = serveStaff(endpoints.withdrawReturn, () =>
  withdrawReturn({ orders: ordersTable({ table: openTable(), now, newId }), now }),
)
