import { provide } from '../../../../shared/runtime/call.ts'
import { newId, now } from '../../../../shared/runtime/clock.ts'
import { exportPerson as exported, type ReadKind } from '../../../../shared/runtime/export.ts'
import { openTable } from '../../../../shared/runtime/table.ts'
import { exportPerson } from '../../../published/orders.ts'
import { type NotesTable, notesTable } from '../../notes/table.ts'
import { type OrdersTable, ordersTable } from '../../table.ts'
import { viewOf } from '../../view.ts'

const [ordersPerPage, notesPerOrder] = [25, 100]

/** What staff noted on an order is about the person too; who of them wrote it is not. */
const readOrders =
  ({ orders, notes }: { orders: Pick<OrdersTable, 'pageOfPerson'>; notes: Pick<NotesTable, 'list'> }): ReadKind =>
  async (userId, after) => {
    const page = await orders.pageOfPerson(userId, after, ordersPerPage)
    const entries = page.orders.map(async ({ at, order }) => {
      const noted = await notes.list(order.id, notesPerOrder, undefined)
      return {
        at,
        record: {
          ...viewOf(order),
          paymentMethod: order.paymentMethod,
          notes: noted.notes.map(({ text, at }) => ({ text, at })),
        },
      }
    })
    return { entries: await Promise.all(entries), more: page.more }
  }

export const handler = provide(exportPerson, () => {
  const table = openTable()
  const dependencies = { orders: ordersTable({ table, now, newId }), notes: notesTable({ table }) }
  return exported({ order: readOrders(dependencies) })
})
