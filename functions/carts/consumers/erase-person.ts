import { newId, now } from '../../../shared/runtime/clock.ts'
import { consume } from '../../../shared/runtime/consume.ts'
import { erasePerson, throughPages } from '../../../shared/runtime/erasure.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { personErased } from '../../published/carts.ts'
import { consumers } from '../contract.ts'
import { type CartsTable, cartsTable } from '../table.ts'

const pageSize = 25

export const eraseCarts =
  ({ carts }: { carts: Pick<CartsTable, 'listOfOwner' | 'remove'> }) =>
  (userId: string): Promise<boolean> =>
    throughPages(
      (startKey) => carts.listOfOwner(userId, pageSize, startKey),
      async (cart) => {
        await carts.remove(cart)
        return true
      },
    )

export const handler = consume(consumers.erasePerson, () => {
  const table = openTable()
  const erase = eraseCarts({ carts: cartsTable({ table, now }) })
  return erasePerson({ table, personErased, erase, now, newId })
})
