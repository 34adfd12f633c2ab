import { consume } from '../../../shared/runtime/consume.ts'
import { eraseAndReport, throughPages } from '../../../shared/runtime/erasure.ts'
import { personErased } from '../../published/carts.ts'
import { consumers } from '../contract.ts'
import * as parts from '../parts.ts'

const pageSize = 25

export const handler = consume(
  consumers.erasePerson,
  { table: parts.table, carts: parts.carts },
  function erasePerson({ data }, { table, carts }) {
    return eraseAndReport(table, personErased, data, () =>
      throughPages(
        (startKey) => carts.listOfOwner(data.userId, pageSize, startKey),
        async (cart) => {
          await carts.remove(cart)
          return true
        },
      ),
    )
  },
)
