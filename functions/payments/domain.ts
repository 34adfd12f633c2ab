/**
 * A payment: what others request of it, what the provider has done for it, and which step is due. Pure. In whatever order
 * requests and outcomes come, the steps that are due lead to the same end.
 */

import { erasedUserId } from '../../shared/domain/erased-user.ts'
import { type Money, money } from '../../shared/domain/money.ts'
import { ok, type Result, refused } from '../../shared/domain/result.ts'
import { redactPaymentMethod } from '../published/payments.ts'
import { type JournalEntry, withCapture, withRefund } from './ledger.ts'
import type { Decision } from './providers/port.ts'
import type { Refund } from './refunds/refund.ts'
import { type ReturnedLine, refundOfGoods } from './refunds/refund-lines.ts'
import type { PaymentStatus } from './schema.ts'

/** So many by staff leave room for those of the 20 returns that an order takes: 50 in all. */
export const maxStaffRefunds = 30

export type Payment = {
  orderId: string
  customerId: string
  method: string
  currency: string
  totalMinor: number
  status: PaymentStatus
  declineCode?: string | undefined
  capturedMinor: number
  refunds: readonly Refund[]
  /** Only ever added to: at most one capture, and each refund once. */
  journal: readonly JournalEntry[]
  requested: { cancel: boolean; capture: boolean }
  /** The staff member who had it captured ahead of its dispatch. */
  capturedBy?: string | undefined
  version: number
  sequence: number
}

/** A call of the provider that is due. Its key never changes, so repeating it after a crash charges nobody twice. */
export type Step =
  | { type: 'authorize'; key: string }
  | { type: 'capture'; key: string }
  | { type: 'void'; key: string }
  | { type: 'refund'; key: string; refund: Refund }

export const newPayment = (order: { orderId: string; customerId: string; method: string; total: Money }): Payment => ({
  orderId: order.orderId,
  customerId: order.customerId,
  method: order.method,
  currency: order.total.currency,
  totalMinor: order.total.amount,
  status: 'pending',
  capturedMinor: 0,
  refunds: [],
  journal: [],
  requested: { cancel: false, capture: false },
  version: 0,
  sequence: 0,
})

/** What stands for an order that was cancelled before its payment began: nothing will ever be authorized for it. */
export const neverBegun = (order: { orderId: string; customerId: string; total: Money }): Payment => ({
  ...newPayment({ ...order, method: 'none' }),
  status: 'voided',
  requested: { cancel: true, capture: false },
})

/** Amounts and the ledger stay, with the order that they are of; what staff wrote of a refund may speak of the person. */
export const withoutPerson = (payment: Payment): Payment => ({
  ...payment,
  customerId: erasedUserId,
  method: redactPaymentMethod(payment.method),
  refunds: payment.refunds.map((refund) => (refund.source === 'staff' ? { ...refund, reason: 'erased' } : refund)),
})

export const refundedMinor = (payment: Payment): number =>
  payment.refunds.reduce((sum, refund) => sum + (refund.done ? refund.amountMinor : 0), 0)

/** Captured, and neither given back nor requested to be. Minor units. */
export const refundableMinor = (payment: Payment): number =>
  payment.capturedMinor - payment.refunds.reduce((sum, { amountMinor }) => sum + amountMinor, 0)

export const isCaptured = ({ status }: Payment): boolean =>
  status === 'captured' || status === 'partially-refunded' || status === 'refunded'

export const voidStep = ({ orderId }: Pick<Payment, 'orderId'>) => ({ type: 'void' as const, key: `${orderId}:void` })

/**
 * The step that is due, if any. A cancelled payment that is still pending is asked about again, by the same key: only
 * so is it known whether there is something to void. A capture that was requested before the cancellation may have been
 * done without our knowing, so it is repeated, and then all of it is given back.
 */
export const dueStep = (payment: Payment): Step | undefined => {
  const { orderId, status, requested } = payment
  const refund = payment.refunds.find(({ done }) => !done)
  if (status === 'pending') return { type: 'authorize', key: `${orderId}:authorize` }
  if (status === 'action-required' && requested.cancel) return voidStep(payment)
  if (status === 'authorized' && requested.capture) return { type: 'capture', key: `${orderId}:capture` }
  if (status === 'authorized' && requested.cancel) return voidStep(payment)
  if (isCaptured(payment) && refund) return { type: 'refund', key: `${orderId}:refund:${refund.id}`, refund }
  return undefined
}

/** The provider's decision on an authorization. Only a payment that waits for one takes it; a late one changes nothing. */
export const applyDecision = (payment: Payment, decision: Decision): Payment | undefined => {
  if (payment.status !== 'pending' && payment.status !== 'action-required') return undefined
  if (decision.status === 'pending' || decision.status === payment.status) return undefined
  return {
    ...payment,
    status: decision.status,
    ...(decision.status === 'declined' ? { declineCode: decision.declineCode } : {}),
  }
}

/** The payment after the provider has done a step other than the authorization, with what that moved. @param at RFC 3339 */
export const applyStep = (payment: Payment, step: Exclude<Step, { type: 'authorize' }>, at: string): Payment => {
  switch (step.type) {
    case 'void':
      return { ...payment, status: 'voided' }
    case 'capture':
      return withCancelRefund({
        ...payment,
        status: 'captured',
        capturedMinor: payment.totalMinor,
        journal: withCapture(payment.journal, at, payment.totalMinor),
      })
    case 'refund': {
      const refunds = payment.refunds.map((refund) =>
        refund.id === step.refund.id ? { ...refund, done: true } : refund,
      )
      const after = { ...payment, refunds, journal: withRefund(payment.journal, at, step.refund) }
      return { ...after, status: refundedMinor(after) === after.capturedMinor ? 'refunded' : 'partially-refunded' }
    }
  }
}

const cancellationRefund = (amountMinor: number): Refund => ({
  id: 'cancellation',
  source: 'cancellation',
  amountMinor,
  reason: 'order cancelled',
  done: false,
})

/** What was captured for a cancelled order is to be given back in full, under a permanent id. */
const withCancelRefund = (payment: Payment): Payment => {
  const amountMinor = refundableMinor(payment)
  if (!payment.requested.cancel || !isCaptured(payment) || amountMinor === 0) return payment
  return {
    ...payment,
    refunds: [...payment.refunds, cancellationRefund(amountMinor)],
  }
}

/** The order was cancelled. @returns undefined when that is known already */
export const requestCancel = (payment: Payment): Payment | undefined =>
  payment.requested.cancel
    ? undefined
    : withCancelRefund({ ...payment, requested: { ...payment.requested, cancel: true } })

/**
 * The money is to be taken. @returns undefined when that is known already, or the order was cancelled before: so a request to
 * capture is always older than one to cancel, and may have been fulfilled by the provider without our knowing
 * @param by the staff member who asks for it; absent where the dispatch does
 */
export const requestCapture = (payment: Payment, by?: string): Payment | undefined =>
  payment.requested.capture || payment.requested.cancel
    ? undefined
    : {
        ...payment,
        requested: { ...payment.requested, capture: true },
        ...(by === undefined ? {} : { capturedBy: by }),
      }

/** Requests a refund; the provider is asked for it afterwards. @param amountMinor minor units of the payment's currency */
export const requestRefund = (
  payment: Payment,
  refund: Omit<Refund, 'done' | 'source'>,
): Result<Payment, 'NOT_CAPTURED' | 'REFUND_TOO_LARGE' | 'TOO_MANY_REFUNDS'> => {
  if (!isCaptured(payment))
    return refused('NOT_CAPTURED', `The payment is ${payment.status}; there is nothing to give back.`)
  const byStaff = payment.refunds.filter(({ source }) => source === 'staff')
  if (byStaff.length >= maxStaffRefunds)
    return refused('TOO_MANY_REFUNDS', `A payment takes at most ${maxStaffRefunds} refunds by staff.`)
  const left = refundableMinor(payment)
  if (refund.amountMinor > left)
    return refused('REFUND_TOO_LARGE', `At most ${left} minor units of ${payment.currency} can be given back.`)
  return ok({ ...payment, refunds: [...payment.refunds, { ...refund, source: 'staff', done: false }] })
}

/** What may still be requested: of what was captured or, as goods can be back before that is done, of what will be. */
const requestableMinor = (payment: Payment): number => {
  if (isCaptured(payment)) return refundableMinor(payment)
  const willBeCaptured = payment.status !== 'voided' && payment.status !== 'declined' && !payment.requested.cancel
  return willBeCaptured ? refundableMinor({ ...payment, capturedMinor: payment.totalMinor }) : 0
}

/**
 * Goods are back: requests a refund of their price, less what was given back for them by hand, or as much of it as is left, under the
 * return's permanent id.
 * @param goods `paid`: the lines that units have come back of so far; an older return has its amount only
 * @returns undefined when it is requested already, or nothing is left: that never grows again
 */
export const requestReturnRefund = (
  payment: Payment,
  goods: { returnId: string; amountMinor: number; paid?: readonly ReturnedLine[] | undefined },
): Payment | undefined => {
  if (payment.refunds.some(({ id }) => id === goods.returnId)) return undefined
  const lines = goods.paid && refundOfGoods(payment, goods.paid)
  const wanted = lines ? lines.reduce((sum, line) => sum + line.amountMinor, 0) : goods.amountMinor
  const amountMinor = Math.min(wanted, requestableMinor(payment))
  if (amountMinor <= 0) return undefined
  const refund: Refund = {
    id: goods.returnId,
    source: 'return',
    amountMinor,
    reason: 'goods returned',
    done: false,
    lines,
  }
  return { ...payment, refunds: [...payment.refunds, refund] }
}

export const totalOf = (payment: Payment): Money => money(payment.totalMinor, payment.currency)

/** What whoever asked for the authorization is to know; money that was taken since was authorized before. */
export const outcomeOf = ({ status, declineCode }: Payment) => {
  switch (status) {
    case 'captured':
    case 'partially-refunded':
    case 'refunded':
      return { status: 'authorized' as const }
    default:
      return { status, declineCode }
  }
}
