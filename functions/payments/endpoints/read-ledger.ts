import { serveStaff } from '../../../shared/runtime/serve-staff.ts'
import { endpoints } from '../contract.ts'
import { ledgerOf } from '../ledger.ts'
import * as parts from '../parts.ts'

/** An order without entries has moved no money, whether there is such an order or not: staff see an empty ledger. */
export const handler = serveStaff(
  endpoints.readLedger,
  { payments: parts.payments },
  async function readLedger({ params }, { payments }) {
    const payment = await payments.get(params.orderId)
    return { body: { data: payment ? ledgerOf(payment) : [] } }
  },
)
