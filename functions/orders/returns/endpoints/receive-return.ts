import { type Now, newId, now } from '../../../../shared/runtime/clock.ts'
import type { Handle } from '../../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../../shared/runtime/serve-staff.ts'
import { openTable } from '../../../../shared/runtime/table.ts'
import { endpoints } from '../../contract.ts'
import { factOfReceived } from '../../outcomes.ts'
import { type OrdersTable, ordersTable } from '../../table.ts'
import { answerOfReturn } from '../../view.ts'
import { changeReturn } from '../change-return.ts'
import { receiveReturn as received } from '../domain.ts'

type Dependencies = { orders: Pick<OrdersTable, 'get' | 'orderOfReturn' | 'replace'>; now: Now }

/** Noting again what is noted already answers as the first time did. */
export const receiveReturn =
  ({ orders, now }: Dependencies): Handle<typeof endpoints.receiveReturn> =>
  async ({ params: { returnId }, body, caller, ifMatch }) => {
    const changed = await changeReturn(orders)(
      { returnId, ifMatch, mayChange: () => true },
      (order, before) => received(order, before, { lines: body?.lines, by: caller.id, atMs: now() }),
      ({ order, returned }) => [factOfReceived(order, returned)],
    )
    return 'problem' in changed ? changed : answerOfReturn(changed.order.id, changed.returned, caller)
  }

export const handler = serveStaff(endpoints.receiveReturn, () =>
  receiveReturn({ orders: ordersTable({ table: openTable(), now, newId }), now }),
)
