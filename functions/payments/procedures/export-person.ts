import { provide } from '../../../shared/runtime/call.ts'
import { newId, now } from '../../../shared/runtime/clock.ts'
import { exportPerson as exported, type ReadKind } from '../../../shared/runtime/export.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { exportPerson } from '../../published/payments.ts'
import { viewOf } from '../outcomes.ts'
import { type PaymentsTable, paymentsTable } from '../table.ts'

const paymentsPerPage = 50

const readPayments =
  ({ payments }: { payments: Pick<PaymentsTable, 'pageOfCustomer'> }): ReadKind =>
  async (userId, after) => {
    const page = await payments.pageOfCustomer(userId, after, paymentsPerPage)
    const entries = page.payments.map((payment) => ({
      at: payment.orderId,
      record: {
        ...viewOf(payment),
        refunds: payment.refunds.map(({ amountMinor, reason }) => ({ amountMinor, reason })),
      },
    }))
    return { entries, more: page.more }
  }

export const handler = provide(exportPerson, () =>
  exported({ payment: readPayments({ payments: paymentsTable({ table: openTable(), now, newId }) }) }),
)
