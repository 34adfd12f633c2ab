import { newId, now } from '../../../shared/runtime/clock.ts'
import type { Handle } from '../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../shared/runtime/serve-staff.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { endpoints } from '../contract.ts'
import { ledgerOf } from '../ledger.ts'
import { type PaymentsTable, paymentsTable } from '../table.ts'

/** An order without entries has moved no money, whether there is such an order or not: staff see an empty ledger. */
export const readLedger =
  ({ payments }: { payments: Pick<PaymentsTable, 'get'> }): Handle<typeof endpoints.readLedger> =>
  async ({ params }) => {
    const payment = await payments.get(params.orderId)
    return { body: { data: payment ? ledgerOf(payment) : [] } }
  }

export const handler = serveStaff(endpoints.readLedger, () =>
  readLedger({ payments: paymentsTable({ table: openTable(), now, newId }) }),
)
