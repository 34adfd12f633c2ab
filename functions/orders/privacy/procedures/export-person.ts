import { provide } from '../../../../shared/runtime/call.ts'
import { exportPage } from '../../../../shared/runtime/export.ts'
import * as published from '../../../published/orders.ts'
import * as parts from '../../parts.ts'
import { viewOf } from '../../view.ts'

const [ordersPerPage, notesPerOrder] = [25, 100]

/** What staff noted on an order is about the person too; who of them wrote it is not. */
export const handler = provide(
  published.exportPerson,
  { orders: parts.orders, notes: parts.notes },
  function exportPerson(person, { orders, notes }) {
    return exportPage(person, {
      order: async (userId, after) => {
        const page = await orders.pageOfPerson(userId, after, ordersPerPage)
        const entries = page.orders.map(async ({ at, order }) => {
          const noted = await notes.list(order.id, notesPerOrder, undefined)
          return {
            at,
            record: {
              ...viewOf(order),
              paymentMethod: order.paymentMethod,
              notes: noted.notes.map((note) => ({ text: note.text, at: note.at })),
            },
          }
        })
        return { entries: await Promise.all(entries), more: page.more }
      },
    })
  },
)
