import { nobody } from '../../../shared/domain/nobody.ts'
import { type Consume, consume } from '../../../shared/runtime/consume.ts'
import { consumers } from '../contract.ts'
import { cancellation, confirmation } from '../messages.ts'
import { type Dependencies, tell, tellingDependencies } from '../tell.ts'

/** Remembers whom the order's later mails go to, then sends this one. Nobody is told what comes after they were erased. */
export const tellOfOrder =
  (dependencies: Dependencies): Consume<typeof consumers.tellOfOrder> =>
  async (event) => {
    const { orderId, customerId, order } = event.data
    const isErased = await dependencies.notifications.isErased(customerId)
    const recipient = isErased
      ? { customerId: nobody, number: order.number }
      : { customerId, number: order.number, email: order.email }
    await dependencies.notifications.keepRecipient(orderId, recipient)
    if (isErased) return
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
