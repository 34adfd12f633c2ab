import { consume } from '../../../shared/runtime/consume.ts'
import { eraseAndReport, throughPages } from '../../../shared/runtime/erasure.ts'
import { retryOnConflict } from '../../../shared/runtime/retry-on-conflict.ts'
import { personErased } from '../../published/shipping.ts'
import { consumers } from '../contract.ts'
import { withoutPerson } from '../domain.ts'
import * as parts from '../parts.ts'

const pageSize = 25

/** What is to be sent still needs its address: nothing goes before the last order has come to rest. */
export const handler = consume(
  consumers.erasePerson,
  { table: parts.table, shipments: parts.shipments },
  async function erasePerson({ data }, { table, shipments }) {
    if (!data.ordersSettled) return
    await eraseAndReport(table, personErased, data, () =>
      throughPages(
        (startKey) => shipments.listOfCustomer(data.userId, pageSize, startKey),
        (key) =>
          retryOnConflict(async () => {
            const shipment = await shipments.get(shipments.orderOf(key))
            if (shipment?.customerId !== data.userId) return true
            return (await shipments.save(withoutPerson(shipment))) && true
          }),
      ),
    )
  },
)
