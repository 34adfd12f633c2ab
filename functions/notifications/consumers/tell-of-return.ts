import { nobody } from '../../../shared/domain/nobody.ts'
import { type Consume, consume } from '../../../shared/runtime/consume.ts'
import { consumers } from '../contract.ts'
import { goodsBack } from '../messages.ts'
import { type Dependencies, tell, tellingDependencies } from '../tell.ts'

/** The address came with the confirmation; where that is still on its way, this message comes again later. */
export const tellOfReturn =
  (dependencies: Dependencies): Consume<typeof consumers.tellOfReturn> =>
  async ({ data: { orderId, customerId, returnId, refund } }) => {
    const recipient = await dependencies.notifications.getRecipient(orderId)
    if (customerId === nobody || recipient?.customerId === nobody) return
    if (!recipient) throw new Error(`goods of ${orderId} came back, but it is not known whom to tell`)
    const message = goodsBack(dependencies.shop.name, recipient.number, refund)
    await tell(dependencies)({ orderId, kind: 'return-received', returnId }, recipient, message)
  }

export const handler = consume(consumers.tellOfReturn, () => tellOfReturn(tellingDependencies()))
