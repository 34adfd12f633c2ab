import { provide } from '../../../shared/runtime/call.ts'
import { exportPage } from '../../../shared/runtime/export.ts'
import * as published from '../../published/payments.ts'
import * as parts from '../parts.ts'
import { viewOf } from '../view.ts'

const paymentsPerPage = 50

export const handler = provide(
  published.exportPerson,
  { payments: parts.payments },
  function exportPerson(person, { payments }) {
    return exportPage(person, {
      payment: async (userId, after) => {
        const page = await payments.pageOfCustomer(userId, after, paymentsPerPage)
        const entries = page.payments.map((payment) => ({
          at: payment.orderId,
          record: {
            ...viewOf(payment),
            refunds: payment.refunds.map(({ amountMinor, reason }) => ({ amountMinor, reason })),
          },
        }))
        return { entries, more: page.more }
      },
    })
  },
)
