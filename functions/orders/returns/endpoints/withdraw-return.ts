import { now } from '../../../../shared/runtime/clock.ts'
import { isOwnerOrStaff } from '../../../../shared/runtime/request.ts'
import { serveStaff } from '../../../../shared/runtime/serve-staff.ts'
import { endpoints } from '../../contract.ts'
import * as parts from '../../parts.ts'
import { answerOfReturn } from '../../view.ts'
import { endReturn } from '../domain.ts'
import { updateReturn } from '../update-return.ts'

/** Whoever announced the wrong goods withdraws that return and asks for another one. */
export const handler = serveStaff(
  endpoints.withdrawReturn,
  { orders: parts.orders },
  async function withdrawReturn({ params: { returnId }, caller, ifMatch }, { orders }) {
    const changed = await updateReturn(
      orders,
      { returnId, ifMatch, mayChange: (order) => isOwnerOrStaff(caller, order.customerId) },
      (order, before) =>
        endReturn(order, before, {
          status: 'withdrawn',
          by: order.customerId === caller.id ? undefined : caller.id,
          atMs: now(),
        }),
    )
    return 'problem' in changed ? changed : answerOfReturn(changed.order.id, changed.returned, caller)
  },
)
