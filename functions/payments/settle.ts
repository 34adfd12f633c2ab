/**
 * Does what is due for a payment until nothing is: asks the provider, then writes the outcome with its events and ledger
 * entries in one item. Whoever comes by may call it, as often as they like: steps carry permanent keys.
 */
import { isoTime, type Now } from '../../shared/runtime/clock.ts'
import { saveDecision } from './decision.ts'
import { decided, done, dueStep, type Payment, type Step, totalOf, voidStep } from './domain.ts'
import { factsOfStep } from './outcomes.ts'
import type { Provider } from './providers/port.ts'
import type { PaymentsTable } from './table.ts'

export type Settle = (payment: Payment) => Promise<Payment>

export type Settling = { payments: Pick<PaymentsTable, 'get' | 'save'>; provider: Provider; now: Now }

/** Authorize, capture, all the refunds that a payment takes, and some lost races: more means that something is wrong. */
const maxSteps = 64

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

export const settle = ({ payments, provider, now }: Settling): Settle => {
  /** @returns the payment after the step; unchanged when the provider will report later; undefined when a race was lost */
  const take = async (payment: Payment, step: Step): Promise<Payment | undefined> => {
    if (step.type === 'authorize') return authorize(payment, step.key)
    await perform(provider, payment, step)
    const after = done(payment, step, isoTime(now()))
    return payments.save(after, { facts: factsOfStep(after, step) })
  }
  /** Only its second version stands among what time looks at: it is needed where the provider did not answer at once. */
  const leaveToTime = async (payment: Payment): Promise<void> => {
    if (payment.version === 1) await payments.save(payment)
  }
  /** Nobody waits for the report on a cancelled payment: what the provider has not decided is ended there. */
  const authorize = async (payment: Payment, key: string): Promise<Payment | undefined> => {
    const { orderId, method } = payment
    const decision = await provider
      .authorize({ key, orderId, method, amount: totalOf(payment) })
      .catch(async (error: unknown) => {
        await leaveToTime(payment)
        throw error
      })
    if (decision.status === 'pending' && payment.wishes.cancel) return take(payment, voidStep(payment))
    const after = decided(payment, decision)
    if (after) return saveDecision(payments, after)
    await leaveToTime(payment)
    return payment
  }

  return async (payment) => {
    let current = payment
    for (let steps = 0; steps < maxSteps; steps += 1) {
      const step = dueStep(current)
      if (!step) return current
      const after = await take(current, step)
      if (after === current) return current
      const latest = after ?? (await payments.get(payment.orderId))
      if (!latest) throw new Error(`the payment of ${payment.orderId} is gone`)
      current = latest
    }
    throw new Error(`the payment of ${payment.orderId} does not come to rest`)
  }
}

/**
 * Reads, changes by a pure rule, writes, and then does what is due.
 * @param change gives undefined when the payment stays as it is
 * @returns undefined when the order has no payment
 */
export const changeAndSettle =
  (dependencies: Settling) =>
  async (orderId: string, change: (payment: Payment) => Payment | undefined): Promise<Payment | undefined> => {
    const { payments } = dependencies
    for (let tries = 0; tries < maxSteps; tries += 1) {
      const payment = await payments.get(orderId)
      if (!payment) return undefined
      const changed = change(payment)
      const written = changed ? await payments.save(changed) : payment
      if (written) return settle(dependencies)(written)
    }
    throw new Error(`the payment of ${orderId} keeps changing`)
  }
