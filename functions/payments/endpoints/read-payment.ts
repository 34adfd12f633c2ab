import { newId, now } from '../../../shared/runtime/clock.ts'
import { type Handle, notFound, serve } from '../../../shared/runtime/serve.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { endpoints } from '../contract.ts'
import { answerOf } from '../outcomes.ts'
import { type PaymentsTable, paymentsTable } from '../table.ts'

export const readPayment =
  ({ payments }: { payments: Pick<PaymentsTable, 'get'> }): Handle<typeof endpoints.readPayment> =>
  async ({ params, caller }) => {
    const payment = await payments.get(params.orderId)
    return payment && (caller.staff || payment.customerId === caller.id) ? answerOf(payment) : notFound('payment')
  }

export const handler = serve(endpoints.readPayment, () =>
  readPayment({ payments: paymentsTable({ table: openTable(), now, newId }) }),
)
