import { nobody } from '../../../shared/domain/nobody.ts'
import { type Consume, consume } from '../../../shared/runtime/consume.ts'
import { consumers } from '../contract.ts'
import { dispatch } from '../mail/messages.ts'
import { type Dependencies, tell, tellingDependencies } from '../tell.ts'

export const tellOfDispatch =
  (dependencies: Dependencies): Consume<typeof consumers.tellOfDispatch> =>
  async ({ data: { orderId, carrier, trackingNumber, customerId = nobody, number = orderId, email } }) => {
    const message = dispatch(dependencies.shop.name, number, carrier, trackingNumber)
    await tell(dependencies)({ orderId, kind: 'order-dispatched' }, { customerId, email }, message)
  }

export const handler = consume(consumers.tellOfDispatch, () => tellOfDispatch(tellingDependencies()))
