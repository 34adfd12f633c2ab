import { type Handle, notFound } from '../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../shared/runtime/serve-staff.ts'
import { endpoints } from '../contract.ts'
import { paymentDependencies } from '../dependencies.ts'
import { answerOf } from '../outcomes.ts'
import type { Provider } from '../providers/port.ts'
import type { PaymentsTable } from '../table.ts'

type Dependencies = { payments: Pick<PaymentsTable, 'get'>; provider: Pick<Provider, 'confirmationSecret'> }

export const readPayment =
  ({ payments, provider }: Dependencies): Handle<typeof endpoints.readPayment> =>
  async ({ params: { orderId }, caller }) => {
    const payment = await payments.get(orderId)
    if (!payment || !(caller.staff || payment.customerId === caller.id)) return notFound('payment')
    const answer = answerOf(payment, caller)
    // For who pays, and nobody else: with it a browser can confirm the payment.
    if (payment.status !== 'action-required' || payment.customerId !== caller.id) return answer
    const confirmationSecret = await provider.confirmationSecret(orderId)
    return confirmationSecret === undefined ? answer : { ...answer, body: { ...answer.body, confirmationSecret } }
  }

export const handler = serveStaff(endpoints.readPayment, () => readPayment(paymentDependencies()))
