import { erasedUserId } from '../../../shared/domain/erased-user.ts'
import { consume } from '../../../shared/runtime/consume.ts'
import { consumers } from '../contract.ts'
import { dispatch } from '../mail/messages.ts'
import * as mail from '../mail/parts.ts'
import { notify } from '../notify.ts'
import * as parts from '../parts.ts'

export const handler = consume(
  consumers.notifyOfDispatch,
  { notifications: parts.notifications, send: mail.send, shop: mail.shop },
  async function notifyOfDispatch({ data }, telling) {
    const { orderId, carrier, trackingNumber, customerId = erasedUserId, number = orderId, email } = data
    const message = dispatch(telling.shop.name, number, carrier, trackingNumber)
    await notify(telling, { orderId, kind: 'order-dispatched' }, { customerId, email }, message)
  },
)
