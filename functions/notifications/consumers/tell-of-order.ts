import { type Consume, consume } from '../../../shared/runtime/consume.ts'
import { consumers } from '../contract.ts'
import { cancellation, confirmation } from '../messages.ts'
import { type Dependencies, tell, tellingDependencies } from '../tell.ts'

export const tellOfOrder =
  (dependencies: Dependencies): Consume<typeof consumers.tellOfOrder> =>
  async (event) => {
    const { orderId, customerId, order } = event.data
    const recipient = { customerId, email: order.email }
    const shop = dependencies.shop.name
    if (event.type === 'order.confirmed')
      return tell(dependencies)({ orderId, kind: 'order-confirmed' }, recipient, confirmation(shop, order))
    return tell(dependencies)(
      { orderId, kind: 'order-cancelled' },
      recipient,
      cancellation(shop, order, event.data.reason),
    )
  }

export const handler = consume(consumers.tellOfOrder, () => tellOfOrder(tellingDependencies()))
