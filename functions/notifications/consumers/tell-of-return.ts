import { consume } from '../../../shared/runtime/consume.ts'
import { consumers } from '../contract.ts'
import { goodsBack } from '../mail/messages.ts'
import * as mail from '../mail/parts.ts'
import * as parts from '../parts.ts'
import { tell } from '../tell.ts'

export const handler = consume(
  consumers.tellOfReturn,
  { notifications: parts.notifications, send: mail.send, shop: mail.shop },
  async function tellOfReturn({ data: { orderId, customerId, returnId, refund, number = orderId, email } }, telling) {
    const message = goodsBack(telling.shop.name, number, refund)
    await tell(telling, { orderId, kind: 'return-received', returnId }, { customerId, email }, message)
  },
)
