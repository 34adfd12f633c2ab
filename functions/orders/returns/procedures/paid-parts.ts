import { money } from '../../../../shared/domain/money.ts'
import { provide } from '../../../../shared/runtime/call.ts'
import { newId, now } from '../../../../shared/runtime/clock.ts'
import { openTable } from '../../../../shared/runtime/table.ts'
import { paidParts } from '../../../published/orders.ts'
import { ordersTable } from '../../table.ts'
import { paidMinor } from '../domain.ts'

/** All parts together are the order's total: where tax comes on top, what is not in a line is the shipping's. */
export const handler = provide(paidParts, () => {
  const orders = ordersTable({ table: openTable(), now, newId })
  return async ({ orderId }) => {
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
  }
})
