import { newId, now } from '../../../shared/runtime/clock.ts'
import { consume } from '../../../shared/runtime/consume.ts'
import { erasePerson, onceOrdersSettled, throughPages } from '../../../shared/runtime/erasure.ts'
import { repeated } from '../../../shared/runtime/repeated.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { personErased } from '../../published/shipping.ts'
import { consumers } from '../contract.ts'
import { withoutPerson } from '../domain.ts'
import { type ShipmentsTable, shipmentsTable } from '../table.ts'

type Dependencies = { shipments: Pick<ShipmentsTable, 'listOfCustomer' | 'orderOf' | 'get' | 'save'> }

const pageSize = 25

export const eraseShipments =
  ({ shipments }: Dependencies) =>
  (userId: string): Promise<boolean> =>
    throughPages(
      (startKey) => shipments.listOfCustomer(userId, pageSize, startKey),
      (key) =>
        repeated(async () => {
          const shipment = await shipments.get(shipments.orderOf(key))
          if (shipment?.customerId !== userId) return true
          return (await shipments.save(withoutPerson(shipment))) && true
        }),
    )

/** What is to be sent still needs its address: nothing goes before the last order has come to rest. */
export const handler = consume(consumers.erasePerson, () => {
  const table = openTable()
  const erase = eraseShipments({ shipments: shipmentsTable({ table, now, newId }) })
  return onceOrdersSettled(erasePerson({ table, personErased, erase, now, newId }))
})
