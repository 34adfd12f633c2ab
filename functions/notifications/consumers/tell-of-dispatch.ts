import { erasedUserId } from '../../../shared/domain/erased-user.ts'
import { consume } from '../../../shared/runtime/consume.ts'
import { consumers } from '../contract.ts'
import { dispatch } from '../mail/messages.ts'
import * as mail from '../mail/parts.ts'
import * as parts from '../parts.ts'
import { tell } from '../tell.ts'

export const handler = consume(
  consumers.tellOfDispatch,
  { notifications: parts.notifications, send: mail.send, shop: mail.shop },
  async function tellOfDispatch({ data }, telling) {
    const { orderId, carrier, trackingNumber, customerId = erasedUserId, number = orderId, email } = data
    const message = dispatch(telling.shop.name, number, carrier, trackingNumber)
    await tell(telling, { orderId, kind: 'order-dispatched' }, { customerId, email }, message)
  },
)
