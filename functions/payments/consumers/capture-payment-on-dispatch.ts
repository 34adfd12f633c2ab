import { type Consume, consume } from '../../../shared/runtime/consume.ts'
import { consumers } from '../contract.ts'
import { paymentDependencies } from '../dependencies.ts'
import { wishCapture } from '../domain.ts'
import { changeAndSettle, type Settling } from '../settle.ts'

/** Nothing is dispatched before it is paid for, so a payment that is missing is one whose event is late: once more. */
export const capturePaymentOnDispatch =
  (dependencies: Settling): Consume<typeof consumers.capturePaymentOnDispatch> =>
  async ({ data: { orderId } }) => {
    const payment = await changeAndSettle(dependencies)(orderId, wishCapture)
    if (!payment) throw new Error(`there is no payment of ${orderId} to capture yet`)
  }

export const handler = consume(consumers.capturePaymentOnDispatch, () =>
  capturePaymentOnDispatch(paymentDependencies()),
)
