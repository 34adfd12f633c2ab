import { consume } from '../../../shared/runtime/consume.ts'
import { consumers } from '../contract.ts'
import { isAnsweredAtOnce } from '../mail/limits.ts'
import { cancellation, confirmation } from '../mail/messages.ts'
import * as mail from '../mail/parts.ts'
import { notify } from '../notify.ts'
import * as parts from '../parts.ts'

export const handler = consume(
  consumers.notifyOfOrder,
  { notifications: parts.notifications, send: mail.send, shop: mail.shop },
  async function notifyOfOrder(event, telling) {
    const { orderId, customerId, order } = event.data
    const recipient = { customerId, email: order.email }
    const { name } = telling.shop
    if (event.type === 'order.confirmed')
      return notify(telling, { orderId, kind: 'order-confirmed' }, recipient, confirmation(name, order))
    const { reason, placedAt } = event.data
    return notify(
      telling,
      { orderId, kind: 'order-cancelled' },
      isAnsweredAtOnce(reason, placedAt, event.time) ? { customerId } : recipient,
      cancellation(name, order, reason),
    )
  },
)
