import { consume } from '../../../shared/runtime/consume.ts'
import { eraseAndReport } from '../../../shared/runtime/erasure.ts'
import { retryOnConflict } from '../../../shared/runtime/retry-on-conflict.ts'
import { personErased } from '../../published/wishlist.ts'
import { consumers } from '../contract.ts'
import * as parts from '../parts.ts'

export const handler = consume(
  consumers.erasePerson,
  { table: parts.table, wishlists: parts.wishlists },
  function erasePerson({ data }, { table, wishlists }) {
    return eraseAndReport(table, personErased, data, () =>
      retryOnConflict(async () => {
        const wishlist = await wishlists.get(data.userId)
        return wishlist.version === 0 || wishlists.remove(wishlist)
      }),
    )
  },
)
