import { provide } from '../../../shared/runtime/call.ts'
import { defer } from '../../../shared/runtime/task.ts'
import { undo } from '../../published/payments.ts'
import { paymentDependencies } from '../dependencies.ts'
import { wishCancel } from '../domain.ts'
import { changeAndSettle } from '../settle.ts'

/** What the cancellation of its order does to a payment, for whoever knows of one that was not heard of. As often as asked. */
export const handler = provide(undo, () => {
  const change = changeAndSettle(paymentDependencies({ defer }))
  return async ({ orderId }) => ({ undone: (await change(orderId, wishCancel)) !== undefined })
})
