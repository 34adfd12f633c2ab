import { isOwnerOrStaff } from '../../../shared/runtime/request.ts'
import { notFound } from '../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../shared/runtime/serve-staff.ts'
import { endpoints } from '../contract.ts'
import * as parts from '../parts.ts'
import { answerOf } from '../view.ts'

export const handler = serveStaff(
  endpoints.readOrder,
  { orders: parts.orders },
  async function readOrder({ params, caller }, { orders }) {
    const order = await orders.get(params.orderId)
    return order && isOwnerOrStaff(caller, order.customerId) ? answerOf(order, caller) : notFound('order')
  },
)
