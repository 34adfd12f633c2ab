import { type Consume, consume } from '../../../shared/runtime/consume.ts'
import { consumers } from '../contract.ts'
import { paymentDependencies } from '../dependencies.ts'
import { changeAndSettle, type Settling } from '../settle.ts'

/** Mostly finds it done, by the request that promised it. If that ended half-way, and nobody asks again, it is done here. */
export const keepPromise =
  (dependencies: Settling): Consume<typeof consumers.keepPromise> =>
  async ({ data: { orderId } }) => {
    const payment = await changeAndSettle(dependencies)(orderId, () => undefined)
    if (!payment) throw new Error(`something was promised for ${orderId}, which has no payment`)
  }

export const handler = consume(consumers.keepPromise, () => keepPromise(paymentDependencies()))
