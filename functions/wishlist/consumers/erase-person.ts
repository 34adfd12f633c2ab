import { consume } from '../../../shared/runtime/consume.ts'
import { eraseAndReport } from '../../../shared/runtime/erasure.ts'
import { repeated } from '../../../shared/runtime/repeated.ts'
import { personErased } from '../../published/wishlist.ts'
import { consumers } from '../contract.ts'
import * as parts from '../parts.ts'

export const handler = consume(
  consumers.erasePerson,
  { table: parts.table, wishlists: parts.wishlists },
  function erasePerson({ data }, { table, wishlists }) {
    return eraseAndReport(table, personErased, data, () =>
      repeated(async () => {
        const wishlist = await wishlists.get(data.userId)
        return wishlist.version === 0 || wishlists.remove(wishlist)
      }),
    )
  },
)
