import { now } from '../../../../shared/runtime/clock.ts'
import { serveStaff } from '../../../../shared/runtime/serve-staff.ts'
import { endpoints } from '../../contract.ts'
import { eventForReceived } from '../../events-of.ts'
import * as parts from '../../parts.ts'
import { answerOfReturn } from '../../view.ts'
import { markReceived as received } from '../domain.ts'
import { updateReturn } from '../update-return.ts'

/** Noting again what is noted already answers as the first time did. */
export const handler = serveStaff(
  endpoints.receiveReturn,
  { orders: parts.orders },
  async function receiveReturn({ params: { returnId }, body, caller, ifMatch }, { orders }) {
    const changed = await updateReturn(
      orders,
      { returnId, ifMatch, mayChange: () => true },
      (order, before) => received(order, before, { lines: body?.lines, by: caller.id, atMs: now() }),
      ({ order, returned }) => [eventForReceived(order, returned)],
    )
    return 'problem' in changed ? changed : answerOfReturn(changed.order.id, changed.returned, caller)
  },
)
