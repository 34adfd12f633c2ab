/** How the API shows a payment. */
import type * as z from 'zod/mini'
import { money } from '../../shared/domain/money.ts'
import { isCaptured, type Payment, refundedMinor } from './domain.ts'
import type { Payment as PaymentSchema } from './schema.ts'

/** What was given back, for what and by whom: staff see it. */
const refundsOf = ({ refunds, currency }: Payment) =>
  refunds.map(({ id, amountMinor, reason, done, lines, shippingMinor, by }) => ({
    id,
    amount: money(amountMinor, currency),
    reason,
    status: done ? ('done' as const) : ('due' as const),
    lines: lines?.map((line) => ({
      sku: line.sku,
      quantity: line.units,
      amount: money(line.amountMinor, currency),
    })),
    shipping: shippingMinor === undefined ? undefined : money(shippingMinor, currency),
    by,
  }))

export const viewOf = (payment: Payment, viewer = { staff: false }): z.input<typeof PaymentSchema> => ({
  orderId: payment.orderId,
  status: payment.status,
  method: payment.method,
  authorized: money(payment.status === 'authorized' || isCaptured(payment) ? payment.totalMinor : 0, payment.currency),
  captured: money(payment.capturedMinor, payment.currency),
  refunded: money(refundedMinor(payment), payment.currency),
  declineCode: payment.declineCode,
  ...(viewer.staff && { refunds: refundsOf(payment), capturedBy: payment.capturedBy }),
  version: payment.version,
})

export const answerOf = (payment: Payment, viewer?: { staff: boolean }) => ({
  body: viewOf(payment, viewer),
  version: payment.version,
})
