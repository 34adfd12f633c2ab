import { type Consume, consume } from '../../../shared/runtime/consume.ts'
import { fact } from '../../../shared/runtime/outbox.ts'
import { defer } from '../../../shared/runtime/task.ts'
import { paymentVoided } from '../../published/payments.ts'
import { consumers } from '../contract.ts'
import { paymentDependencies } from '../dependencies.ts'
import { neverBegun, wishCancel } from '../domain.ts'
import { changeAndSettle, type Settling } from '../settle.ts'
import type { PaymentsTable } from '../table.ts'

type Dependencies = Settling & { payments: PaymentsTable }

/** Where nothing was begun, a voided payment is left behind, so that a late request to authorize finds it and stops. */
export const undoPayment = (dependencies: Dependencies): Consume<typeof consumers.undoPayment> => {
  const change = changeAndSettle(dependencies)
  return async ({ data: { orderId, customerId, order } }) => {
    if (await change(orderId, wishCancel)) return
    const facts = [fact(paymentVoided, { orderId })]
    const nothing = neverBegun({
      orderId,
      customerId: await dependencies.payments.customerOf(customerId),
      total: order.total,
    })
    const left = await dependencies.payments.save(nothing, { facts })
    if (!left) await change(orderId, wishCancel)
  }
}

export const handler = consume(consumers.undoPayment, () => undoPayment(paymentDependencies({ defer })))
