import { type Consume, consume } from '../../../shared/runtime/consume.ts'
import { consumers } from '../contract.ts'
import { goodsBack } from '../mail/messages.ts'
import { type Dependencies, tell, tellingDependencies } from '../tell.ts'

export const tellOfReturn =
  (dependencies: Dependencies): Consume<typeof consumers.tellOfReturn> =>
  async ({ data: { orderId, customerId, returnId, refund, number = orderId, email } }) => {
    const message = goodsBack(dependencies.shop.name, number, refund)
    await tell(dependencies)({ orderId, kind: 'return-received', returnId }, { customerId, email }, message)
  }

export const handler = consume(consumers.tellOfReturn, () => tellOfReturn(tellingDependencies()))
