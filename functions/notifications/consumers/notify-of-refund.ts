import { call } from '../../../shared/runtime/call.ts'
import { consume } from '../../../shared/runtime/consume.ts'
import { findRecipient } from '../../published/orders.ts'
import { consumers } from '../contract.ts'
import { refund } from '../mail/messages.ts'
import * as mail from '../mail/parts.ts'
import { notify } from '../notify.ts'
import * as parts from '../parts.ts'

/**
 * Of what is given back for returned goods or a cancelled order the mail on those tells; payments know no address, so the order is
 * asked for it.
 */
export const handler = consume(
  consumers.notifyOfRefund,
  { notifications: parts.notifications, send: mail.send, shop: mail.shop, recipientOf: () => call(findRecipient) },
  async function notifyOfRefund({ data: { orderId, refundId, source, amount } }, { recipientOf, ...telling }) {
    if (source !== 'staff' || refundId === undefined) return
    const { recipient } = await recipientOf({ orderId })
    if (!recipient) return
    const message = refund(telling.shop.name, recipient.number, amount)
    await notify(telling, { orderId, kind: 'refunded', refundId }, recipient, message)
  },
)
