import { consume } from '../../../../shared/runtime/consume.ts'
import { consumers } from '../../contract.ts'
import * as parts from '../../parts.ts'
import { settleDispatch } from '../settle-dispatch.ts'

export const handler = consume(
  consumers.shipOrder,
  { orders: parts.orders, capture: parts.capture, commit: parts.commit },
  async function shipOrder({ data: { orderId } }, given) {
    const { order } = await settleDispatch(given, orderId)
    if (!order) throw new Error(`a shipment of the order ${orderId} has left, which does not exist`)
  },
)
