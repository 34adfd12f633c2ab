import { consume } from '../../../shared/runtime/consume.ts'
import { newEvent } from '../../../shared/runtime/outbox.ts'
import { paymentVoided } from '../../published/payments.ts'
import { consumers } from '../contract.ts'
import { neverBegun, requestCancel } from '../domain.ts'
import * as parts from '../parts.ts'
import { provider } from '../providers/deferring.ts'
import { updatePayment } from '../update-payment.ts'

/** Where nothing was begun, a voided payment is left behind, so that a late request to authorize finds it and stops. */
export const handler = consume(
  consumers.undoPayment,
  { payments: parts.payments, provider },
  async function undoPayment({ data: { orderId, customerId, order } }, given) {
    const { payments } = given
    if (await updatePayment(given, orderId, requestCancel)) return
    const newEvents = [newEvent(paymentVoided, { orderId })]
    const nothing = neverBegun({ orderId, customerId: await payments.customerOf(customerId), total: order.total })
    const left = await payments.save(nothing, { newEvents })
    if (!left) await updatePayment(given, orderId, requestCancel)
  },
)
