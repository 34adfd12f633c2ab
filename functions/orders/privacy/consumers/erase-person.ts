import { now } from '../../../../shared/runtime/clock.ts'
import { consume } from '../../../../shared/runtime/consume.ts'
import { eraseAndReport, throughPages } from '../../../../shared/runtime/erasure.ts'
import { retryOnConflict } from '../../../../shared/runtime/retry-on-conflict.ts'
import { personErased } from '../../../published/orders.ts'
import { consumers } from '../../contract.ts'
import type { Order } from '../../domain.ts'
import * as parts from '../../parts.ts'
import { isAtRest, withoutPerson } from '../domain.ts'

const pageSize = 25

/** The notes go first: once the order names nobody, nothing leads to them from the person. */
export const handler = consume(
  consumers.erasePerson,
  { table: parts.table, orders: parts.orders, openOrders: parts.openOrders, notes: parts.notes },
  function erasePerson({ data }, { table, orders, openOrders, notes }) {
    const { userId } = data
    /** @param listed as the index showed it, which may be late */
    const eraseOrder = async (listed: Order): Promise<boolean> => {
      let order: Order | undefined = listed
      return retryOnConflict(async () => {
        if (order?.customerId !== userId) return true
        if (!isAtRest(order, now())) return false
        await notes.removeAll(order.id)
        const written = await orders.replace(withoutPerson(order), [])
        if (!written) order = await orders.get(listed.id)
        return written && true
      })
    }
    return eraseAndReport(table, personErased, data, async () => {
      await openOrders.remove(userId)
      return throughPages(async (startKey) => {
        const page = await orders.listOfCustomer(userId, pageSize, startKey)
        return { found: page.orders, lastKey: page.lastKey }
      }, eraseOrder)
    })
  },
)
