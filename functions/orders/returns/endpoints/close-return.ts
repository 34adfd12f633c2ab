import { now } from '../../../../shared/runtime/clock.ts'
import { serveStaff } from '../../../../shared/runtime/serve-staff.ts'
import { endpoints } from '../../contract.ts'
import * as parts from '../../parts.ts'
import { answerOfReturn } from '../../view.ts'
import { endReturn } from '../domain.ts'
import { updateReturn } from '../update-return.ts'

/** A return that waits for goods which never come would keep their units from any other. */
export const handler = serveStaff(
  endpoints.closeReturn,
  { orders: parts.orders },
  async function closeReturn({ params: { returnId }, caller, ifMatch }, { orders }) {
    const changed = await updateReturn(orders, { returnId, ifMatch, mayChange: () => true }, (order, before) =>
      endReturn(order, before, { status: 'closed', by: caller.id, atMs: now() }),
    )
    return 'problem' in changed ? changed : answerOfReturn(changed.order.id, changed.returned, caller)
  },
)
