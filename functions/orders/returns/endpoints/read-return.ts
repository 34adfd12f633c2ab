import { isOwnerOrStaff } from '../../../../shared/runtime/request.ts'
import { notFound } from '../../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../../shared/runtime/serve-staff.ts'
import { endpoints } from '../../contract.ts'
import * as parts from '../../parts.ts'
import { answerOfReturn } from '../../view.ts'

export const handler = serveStaff(
  endpoints.readReturn,
  { orders: parts.orders },
  async function readReturn({ params: { returnId }, caller }, { orders }) {
    const orderId = await orders.orderOfReturn(returnId)
    const order = orderId === undefined ? undefined : await orders.get(orderId)
    const returned = order?.returns.find(({ id }) => id === returnId)
    if (!order || !returned || !isOwnerOrStaff(caller, order.customerId)) return notFound('return')
    return answerOfReturn(order.id, returned, caller)
  },
)
