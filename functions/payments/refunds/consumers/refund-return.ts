import type { Money } from '../../../../shared/contract/schema.ts'
import { type Consume, consume } from '../../../../shared/runtime/consume.ts'
import { consumers } from '../../contract.ts'
import { paymentDependencies } from '../../dependencies.ts'
import { promiseReturn } from '../../domain.ts'
import { changeAndSettle, type Settling } from '../../settle.ts'

type PaidLine = { sku: string; bought: number; returned: number; paid: Money }

const paidLineOf = ({ sku, bought, returned, paid }: PaidLine) => ({ sku, bought, returned, paidMinor: paid.amount })

/** The refund's id is the return's, so a second delivery finds it promised; it is due as soon as the money is captured. */
export const refundReturn =
  (dependencies: Settling): Consume<typeof consumers.refundReturn> =>
  async ({ data: { orderId, returnId, refund, paid } }) => {
    const goods = paid?.map(paidLineOf)
    const payment = await changeAndSettle(dependencies)(orderId, (before) =>
      promiseReturn(before, { returnId, amountMinor: refund.amount, paid: goods }),
    )
    if (!payment) throw new Error(`goods of ${orderId} came back, but it has no payment`)
  }

export const handler = consume(consumers.refundReturn, () => refundReturn(paymentDependencies()))
