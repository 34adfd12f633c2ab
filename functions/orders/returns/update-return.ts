/** Changes one return where it stands, in its order: what the endpoints for it share. */
import type { Result } from '../../../shared/domain/result.ts'
import type { NewEvent } from '../../../shared/runtime/outbox.ts'
import { type IfMatch, isStale } from '../../../shared/runtime/preconditions.ts'
import { retryOnConflict } from '../../../shared/runtime/retry-on-conflict.ts'
import { notFound, type Problem, problem, staleVersion } from '../../../shared/runtime/serve.ts'
import type { Order } from '../domain.ts'
import type { OrderAttribute } from '../stored.ts'
import type { OrdersTable } from '../table.ts'
import type { Return } from './return.ts'

export type Changed = { order: Order; returned: Return }

type Request = { returnId: string; ifMatch: IfMatch; mayChange: (order: Order) => boolean }

/**
 * Reads, changes by a pure rule, writes the order with its events; again if another change came first.
 * @param change gives undefined where the return is as it should be already
 */
export const updateReturn = async <Reason extends string>(
  orders: OrdersTable,
  { returnId, ifMatch, mayChange }: Request,
  change: (order: Order, before: Return) => Result<Changed | undefined, Reason>,
  eventsFor: (changed: Changed) => NewEvent<OrderAttribute>[] = () => [],
): Promise<Changed | Problem<Reason | 'NOT_FOUND' | 'STALE_VERSION'>> => {
  const orderId = await orders.orderOfReturn(returnId)
  if (orderId === undefined) return notFound('return')
  return retryOnConflict<Changed | Problem<Reason | 'NOT_FOUND' | 'STALE_VERSION'>>(async () => {
    const order = await orders.get(orderId)
    const before = order?.returns.find(({ id }) => id === returnId)
    if (!order || !before || !mayChange(order)) return notFound('return')
    if (isStale(ifMatch, before.version)) return staleVersion()
    const outcome = change(order, before)
    if (!outcome.ok) return problem(outcome.reason, outcome.detail)
    if (!outcome.value) return { order, returned: before }
    const written = await orders.replace(outcome.value.order, eventsFor(outcome.value))
    return written && outcome.value
  })
}
