import { newId, now } from '../../../../shared/runtime/clock.ts'
import { isOwnerOrStaff } from '../../../../shared/runtime/request.ts'
import { retryOnConflict } from '../../../../shared/runtime/retry-on-conflict.ts'
import { isStale, notFound, problem, staleVersion } from '../../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../../shared/runtime/serve-staff.ts'
import { endpoints } from '../../contract.ts'
import { eventForRequested } from '../../events-of.ts'
import * as parts from '../../parts.ts'
import { answerOfReturn } from '../../view.ts'
import { addReturn as requested } from '../domain.ts'

/** An `If-Match` names the order's version: it is the order that takes one more return. */
export const handler = serveStaff(
  endpoints.requestReturn,
  { table: parts.table, orders: parts.orders },
  function requestReturn(
    { params: { orderId }, body: { lines, reason }, caller, idempotencyKey, replayOf, ifMatch },
    { orders },
  ) {
    return retryOnConflict(async () => {
      const order = await orders.get(orderId)
      if (!order || !isOwnerOrStaff(caller, order.customerId)) return notFound('order')
      if (replayOf) {
        const before = order.returns.find(({ id }) => id === replayOf)
        return before
          ? { ...answerOfReturn(orderId, before, caller), location: `/returns/${replayOf}` }
          : notFound('return')
      }
      if (isStale(ifMatch, order.version)) return staleVersion()
      const by = order.customerId === caller.id ? undefined : caller.id
      const outcome = requested(order, { id: newId('ret'), lines, reason, by, atMs: now() })
      if (!outcome.ok) return problem(outcome.reason, outcome.detail)
      const { order: after, returned } = outcome.value
      const written = await orders.addReturn(after, returned.id, [eventForRequested(after, returned)], idempotencyKey)
      return written && { ...answerOfReturn(orderId, returned, caller), location: `/returns/${returned.id}` }
    })
  },
)
