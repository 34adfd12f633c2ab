import { consume } from '../../../shared/runtime/consume.ts'
import { consumers } from '../contract.ts'
import { isToldAtOnce } from '../mail/limits.ts'
import { cancellation, confirmation } from '../mail/messages.ts'
import * as mail from '../mail/parts.ts'
import * as parts from '../parts.ts'
import { tell } from '../tell.ts'

export const handler = consume(
  consumers.tellOfOrder,
  { notifications: parts.notifications, send: mail.send, shop: mail.shop },
  async function tellOfOrder(event, telling) {
    const { orderId, customerId, order } = event.data
    const recipient = { customerId, email: order.email }
    const { name } = telling.shop
    if (event.type === 'order.confirmed')
      return tell(telling, { orderId, kind: 'order-confirmed' }, recipient, confirmation(name, order))
    const { reason } = event.data
    return tell(
      telling,
      { orderId, kind: 'order-cancelled' },
      isToldAtOnce(reason, orderId, Date.parse(event.time)) ? { customerId } : recipient,
      cancellation(name, order, reason),
    )
  },
)
