import type { Money } from '../../../../shared/contract/schema.ts'
import { consume } from '../../../../shared/runtime/consume.ts'
import { consumers } from '../../contract.ts'
import { requestReturnRefund } from '../../domain.ts'
import * as parts from '../../parts.ts'
import { provider } from '../../providers/parts.ts'
import { updatePayment } from '../../update-payment.ts'

type PaidLine = { sku: string; bought: number; returned: number; paid: Money }

const paidLineOf = ({ sku, bought, returned, paid }: PaidLine) => ({ sku, bought, returned, paidMinor: paid.amount })

/** The refund's id is the return's, so a second delivery finds it requested; it is due as soon as the money is captured. */
export const handler = consume(
  consumers.refundReturn,
  { payments: parts.payments, provider },
  async function refundReturn({ data: { orderId, returnId, refund, paid } }, given) {
    const goods = paid?.map(paidLineOf)
    const payment = await updatePayment(given, orderId, (before) =>
      requestReturnRefund(before, { returnId, amountMinor: refund.amount, paid: goods }),
    )
    if (!payment) throw new Error(`goods of ${orderId} came back, but it has no payment`)
  },
)
