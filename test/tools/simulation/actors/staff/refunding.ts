/** Staff who give money back by hand: some of it, all that is left, or more than there is; two of them at once, at times. */

import type { Answer, Request } from '../../cloud/http.ts'
import type { RunContext } from '../../world/run-context.ts'
import { longWait } from '../fixtures.ts'

type AskAsStaff = (endpoint: string, name: string, request: Request) => Promise<Answer | undefined>

/** @returns what staff do about an order of somebody who complains */
export const createRefunding = (run: RunContext, ask: AskAsStaff) => {
  const give = (name: string, orderId: string, key: string, amount: number): Promise<Answer | undefined> =>
    ask('payments/refund-payment', `${name} (${key})`, {
      params: { orderId },
      headers: { 'idempotency-key': `${key}-${orderId}` },
      body: { amount: { amount, currency: 'EUR' }, reason: 'sorry' },
    })
  /** Minor units that were captured and not yet given back, as staff can see it. */
  const leftOf = async (name: string, orderId: string): Promise<number | undefined> => {
    const payment = await ask('payments/read-payment', `${name} look`, { params: { orderId } })
    return payment?.status === 200 ? payment.body.captured.amount - payment.body.refunded.amount : undefined
  }

  return async (shopper: string, orderId: string): Promise<void> => {
    const name = `staff refund ${shopper}`
    await run.sleep(run.pick(`refund for ${shopper} after`, longWait))
    const how = run.pick(`how to refund ${shopper}`, ['some', 'some', 'all', 'too much'] as const)
    if (how === 'some') {
      await give(name, orderId, 'refund', run.pick(`refund of ${shopper}`, [1, 500, 1_250, 9_999]))
      return
    }
    const left = await leftOf(name, orderId)
    if (left === undefined || left === 0) return
    const isTwice = run.chance(`${name} twice`) < 0.4
    const answers = await Promise.all([
      give(name, orderId, 'refund', how === 'all' ? left : left + 1),
      isTwice && how === 'all' ? give(name, orderId, 'refund-by-another', left) : undefined,
    ])
    const given = answers.filter((answer) => answer?.status === 201).length
    // What was given back before is never more, so that what was left then is the most that can be.
    if (given > (how === 'all' ? 1 : 0))
      run.violate('M1', `${name}: of ${left} minor units that were left ${how} was given back ${given} times`)
  }
}
