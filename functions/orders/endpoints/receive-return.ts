import { type Now, newId, now } from '../../../shared/runtime/clock.ts'
import { repeated } from '../../../shared/runtime/repeated.ts'
import { type Answer, type Handle, isStale, notFound, staleVersion } from '../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../shared/runtime/serve-staff.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { endpoints } from '../contract.ts'
import { factOfReceived } from '../outcomes.ts'
import { receiveReturn as received } from '../returns.ts'
import { type OrdersTable, ordersTable } from '../table.ts'
import { answerOfReturn } from '../view.ts'

type Dependencies = { orders: Pick<OrdersTable, 'get' | 'orderOfReturn' | 'replace'>; now: Now }

/** Noting again what is noted already answers as the first time did. */
export const receiveReturn =
  ({ orders, now }: Dependencies): Handle<typeof endpoints.receiveReturn> =>
  async ({ params: { returnId }, ifMatch }) => {
    const orderId = await orders.orderOfReturn(returnId)
    if (orderId === undefined) return notFound('return')
    return repeated<Answer<typeof endpoints.receiveReturn>>(async () => {
      const order = await orders.get(orderId)
      const before = order?.returns.find(({ id }) => id === returnId)
      if (!order || !before) return notFound('return')
      if (isStale(ifMatch, before.version)) return staleVersion()
      const outcome = received(order, before, now())
      if (!outcome) return answerOfReturn(orderId, before)
      const facts = [factOfReceived(outcome.order, outcome.returned)]
      const written = await orders.replace(outcome.order, facts)
      return written && answerOfReturn(orderId, outcome.returned)
    })
  }

export const handler = serveStaff(endpoints.receiveReturn, () =>
  receiveReturn({ orders: ordersTable({ table: openTable(), now, newId }), now }),
)
