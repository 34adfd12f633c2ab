import { type Consume, consume } from '../../../shared/runtime/consume.ts'
import { consumers } from '../contract.ts'
import { isToldAtOnce } from '../mail/limits.ts'
import { cancellation, confirmation } from '../mail/messages.ts'
import { type Dependencies, tell, tellingDependencies } from '../tell.ts'

export const tellOfOrder =
  (dependencies: Dependencies): Consume<typeof consumers.tellOfOrder> =>
  async (event) => {
    const { orderId, customerId, order } = event.data
    const recipient = { customerId, email: order.email }
    const shop = dependencies.shop.name
    if (event.type === 'order.confirmed')
      return tell(dependencies)({ orderId, kind: 'order-confirmed' }, recipient, confirmation(shop, order))
    const { reason } = event.data
    return tell(dependencies)(
      { orderId, kind: 'order-cancelled' },
      isToldAtOnce(reason, orderId, Date.parse(event.time)) ? { customerId } : recipient,
      cancellation(shop, order, reason),
    )
  }

export const handler = consume(consumers.tellOfOrder, () => tellOfOrder(tellingDependencies()))
