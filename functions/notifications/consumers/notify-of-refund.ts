import { type Call, call } from '../../../shared/runtime/call.ts'
import { type Consume, consume } from '../../../shared/runtime/consume.ts'
import { findRecipient } from '../../published/orders.ts'
import { consumers } from '../contract.ts'
import { refund } from '../mail/messages.ts'
import { type Dependencies, tell, tellingDependencies } from '../tell.ts'

/**
 * Of what is given back for returned goods or a cancelled order the mail on those tells; payments know no address, so the order is
 * asked for it.
 */
export const notifyOfRefund =
  (
    dependencies: Dependencies & { recipientOf: Call<typeof findRecipient> },
  ): Consume<typeof consumers.notifyOfRefund> =>
  async ({ data: { orderId, refundId, source, amount } }) => {
    if (source !== 'staff' || refundId === undefined) return
    const { recipient } = await dependencies.recipientOf({ orderId })
    if (!recipient) return
    const message = refund(dependencies.shop.name, recipient.number, amount)
    await tell(dependencies)({ orderId, kind: 'refunded', refundId }, recipient, message)
  }

export const handler = consume(consumers.notifyOfRefund, () =>
  notifyOfRefund({ ...tellingDependencies(), recipientOf: call(findRecipient) }),
)
