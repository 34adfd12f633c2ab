import { money } from '../../../../shared/domain/money.ts'
import { provide } from '../../../../shared/runtime/call.ts'
import * as published from '../../../published/orders.ts'
import * as parts from '../../parts.ts'
import { paidMinor } from '../domain.ts'

/** All parts together are the order's total: where tax comes on top, what is not in a line is the shipping's. */
export const handler = provide(
  published.paidParts,
  { orders: parts.orders },
  async function paidParts({ orderId }, { orders }) {
    const order = await orders.get(orderId)
    if (!order) return {}
    const { currency } = order.total
    const lines = order.lines.map((line) => ({
      sku: line.sku,
      quantity: line.quantity,
      paid: money(paidMinor(line, order.pricesIncludeTax), currency),
    }))
    const goods = lines.reduce((sum, { paid }) => sum + paid.amount, 0)
    return { paid: { lines, shipping: money(order.total.amount - goods, currency) } }
  },
)
