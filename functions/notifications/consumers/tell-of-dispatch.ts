import { nobody } from '../../../shared/domain/nobody.ts'
import { type Consume, consume } from '../../../shared/runtime/consume.ts'
import { consumers } from '../contract.ts'
import { dispatch } from '../messages.ts'
import { type Dependencies, tell, tellingDependencies } from '../tell.ts'

/** The address came with the confirmation; where that is still on its way, this message comes again later. */
export const tellOfDispatch =
  (dependencies: Dependencies): Consume<typeof consumers.tellOfDispatch> =>
  async ({ data: { orderId, carrier, trackingNumber } }) => {
    const recipient = await dependencies.notifications.getRecipient(orderId)
    if (!recipient) throw new Error(`${orderId} was dispatched before its confirmation was heard of`)
    if (recipient.customerId === nobody) return
    const message = dispatch(dependencies.shop.name, recipient.number, carrier, trackingNumber)
    await tell(dependencies)({ orderId, kind: 'order-dispatched' }, recipient, message)
  }

export const handler = consume(consumers.tellOfDispatch, () => tellOfDispatch(tellingDependencies()))
