/**
 * Does what is due for a payment until nothing is: asks the provider, then writes the outcome with its events and ledger
 * entries in one item. Any function may call it, as often as it likes: steps carry permanent keys.
 */
import { isoTime, now } from '../../shared/runtime/clock.ts'
import { count } from '../../shared/runtime/observability.ts'
import { metrics } from './contract.ts'
import {
  applyDecision,
  applyStep,
  dueStep,
  type Payment,
  requestCapture,
  type Step,
  totalOf,
  voidStep,
} from './domain.ts'
import { eventsForDecision, eventsForStep } from './events-of.ts'
import type { Provider } from './providers/port.ts'
import type { PaymentsTable, ProviderEvent } from './table.ts'

type Payments = Pick<PaymentsTable, 'get' | 'save'>
type Parts = { payments: Payments; provider: Provider }

/** Authorize, capture, all the refunds that a payment takes, and some lost races: more means that something is wrong. */
const maxSteps = 64

/**
 * Writes what the provider decided on an authorization, with its events.
 * @param payment as the decision leaves it @param providerEvent the report that brought it, if one did
 * @returns undefined when another change came first
 */
export const saveDecision = async (
  payments: Payments,
  payment: Payment,
  providerEvent?: ProviderEvent,
): Promise<Payment | undefined> => {
  const written = await payments.save(payment, { newEvents: eventsForDecision(payment), providerEvent })
  if (written?.status === 'declined') count(metrics.paymentsDeclined)
  return written
}

const perform = async (
  provider: Provider,
  payment: Payment,
  step: Exclude<Step, { type: 'authorize' }>,
): Promise<void> => {
  const { orderId, currency } = payment
  if (step.type === 'void') return provider.void({ key: step.key, orderId })
  if (step.type === 'capture') return provider.capture({ key: step.key, orderId, amount: totalOf(payment) })
  return provider.refund({ key: step.key, orderId, amount: { amount: step.refund.amountMinor, currency } })
}

/** Only its second version stands among what time looks at: it is needed where the provider did not answer at once. */
const leaveToTime = async (payments: Payments, payment: Payment): Promise<void> => {
  if (payment.version === 1) await payments.save(payment)
}

/** Nobody waits for the report on a cancelled payment: what the provider has not decided is ended there. */
const authorize = async (parts: Parts, payment: Payment, key: string): Promise<Payment | undefined> => {
  const { payments, provider } = parts
  const { orderId, method } = payment
  const decision = await provider
    .authorize({ key, orderId, method, amount: totalOf(payment) })
    .catch(async (error: unknown) => {
      await leaveToTime(payments, payment)
      throw error
    })
  if (decision.status === 'pending' && payment.requested.cancel) return takeStep(parts, payment, voidStep(payment))
  const after = applyDecision(payment, decision)
  if (after) return saveDecision(payments, after)
  await leaveToTime(payments, payment)
  return payment
}

/** @returns the payment after the step; unchanged when the provider will report later; undefined when a race was lost */
const takeStep = async (parts: Parts, payment: Payment, step: Step): Promise<Payment | undefined> => {
  if (step.type === 'authorize') return authorize(parts, payment, step.key)
  await perform(parts.provider, payment, step)
  const after = applyStep(payment, step, isoTime(now()))
  return parts.payments.save(after, { newEvents: eventsForStep(after, step) })
}

/** @returns the payment when nothing is due for it any more, or only the provider can go on */
export const takeDueSteps = async (parts: Parts, payment: Payment): Promise<Payment> => {
  let current = payment
  for (let steps = 0; steps < maxSteps; steps += 1) {
    const step = dueStep(current)
    if (!step) return current
    const after = await takeStep(parts, current, step)
    if (after === current) return current
    const latest = after ?? (await parts.payments.get(payment.orderId))
    if (!latest) throw new Error(`the payment of ${payment.orderId} is gone`)
    current = latest
  }
  throw new Error(`the payment of ${payment.orderId} does not come to rest`)
}

/**
 * Reads, changes by a pure rule, writes, and then does what is due.
 * @param change gives undefined when the payment stays as it is
 * @returns undefined when the order has no payment
 */
export const updatePayment = async (
  parts: Parts,
  orderId: string,
  change: (payment: Payment) => Payment | undefined,
): Promise<Payment | undefined> => {
  for (let tries = 0; tries < maxSteps; tries += 1) {
    const payment = await parts.payments.get(orderId)
    if (!payment) return undefined
    const changed = change(payment)
    const written = changed ? await parts.payments.save(changed) : payment
    if (written) return takeDueSteps(parts, written)
  }
  throw new Error(`the payment of ${orderId} keeps changing`)
}

/**
 * Takes what is authorized. The request to is written with what the provider did: whoever asks holds it until then, and asks again.
 * Where the provider does not answer, it is written alone, so that time asks once more.
 * @returns undefined when the order has no payment
 */
export const captureNow = async (parts: Parts, orderId: string): Promise<Payment | undefined> => {
  const payment = await parts.payments.get(orderId)
  const requested = payment?.status === 'authorized' ? requestCapture(payment) : undefined
  if (!requested) return updatePayment(parts, orderId, requestCapture)
  try {
    return await takeDueSteps(parts, requested)
  } catch (error) {
    await parts.payments.save(requested)
    throw error
  }
}
