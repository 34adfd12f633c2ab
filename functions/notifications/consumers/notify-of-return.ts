import { consume } from '../../../shared/runtime/consume.ts'
import { consumers } from '../contract.ts'
import { goodsBack } from '../mail/messages.ts'
import * as mail from '../mail/parts.ts'
import { notify } from '../notify.ts'
import * as parts from '../parts.ts'

export const handler = consume(
  consumers.notifyOfReturn,
  { notifications: parts.notifications, send: mail.send, shop: mail.shop },
  async function notifyOfReturn({ data: { orderId, customerId, returnId, refund, number = orderId, email } }, telling) {
    const message = goodsBack(telling.shop.name, number, refund)
    await notify(telling, { orderId, kind: 'return-received', returnId }, { customerId, email }, message)
  },
)
