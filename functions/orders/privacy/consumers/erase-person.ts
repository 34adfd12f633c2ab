import { type Now, newId, now } from '../../../../shared/runtime/clock.ts'
import { consume } from '../../../../shared/runtime/consume.ts'
import { erasePerson, throughPages } from '../../../../shared/runtime/erasure.ts'
import { repeated } from '../../../../shared/runtime/repeated.ts'
import { openTable } from '../../../../shared/runtime/table.ts'
import { personErased } from '../../../published/orders.ts'
import { consumers } from '../../contract.ts'
import type { Order } from '../../domain.ts'
import { type NotesTable, notesTable } from '../../notes/table.ts'
import { type OpenOrdersTable, openOrdersTable } from '../../placing/open-orders-table.ts'
import { type OrdersTable, ordersTable } from '../../table.ts'
import { isAtRest, withoutPerson } from '../domain.ts'

type Dependencies = {
  openOrders: Pick<OpenOrdersTable, 'remove'>
  orders: Pick<OrdersTable, 'get' | 'replace' | 'listOfCustomer'>
  notes: Pick<NotesTable, 'removeAll'>
  now: Now
}

const pageSize = 25

/** The notes go first: once the order names nobody, nothing leads to them from the person. */
export const eraseOrders = ({ orders, openOrders, notes, now }: Dependencies) => {
  /** @param listed as the index showed it, which may be late */
  const eraseOrder = async (listed: Order, userId: string): Promise<boolean> => {
    let order: Order | undefined = listed
    return repeated(async () => {
      if (order?.customerId !== userId) return true
      if (!isAtRest(order, now())) return false
      await notes.removeAll(order.id)
      const written = await orders.replace(withoutPerson(order), [])
      if (!written) order = await orders.get(listed.id)
      return written && true
    })
  }
  const eraseAll = (userId: string): Promise<boolean> =>
    throughPages(
      async (startKey) => {
        const page = await orders.listOfCustomer(userId, pageSize, startKey)
        return { found: page.orders, lastKey: page.lastKey }
      },
      (order) => eraseOrder(order, userId),
    )
  return async (userId: string): Promise<boolean> => {
    await openOrders.remove(userId)
    return eraseAll(userId)
  }
}

export const handler = consume(consumers.erasePerson, () => {
  const table = openTable()
  const orders = ordersTable({ table, now, newId })
  const openOrders = openOrdersTable({ table, now })
  const erase = eraseOrders({ orders, openOrders, notes: notesTable({ table }), now })
  return erasePerson({ table, personErased, erase, now, newId })
})
