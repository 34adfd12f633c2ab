import { consume } from '../../../../shared/runtime/consume.ts'
import { eraseAndReport, throughPages } from '../../../../shared/runtime/erasure.ts'
import { personErased } from '../../../published/identity.ts'
import { consumers } from '../../contract.ts'
import * as parts from '../../parts.ts'

const pageSize = 25

/** Sessions open nothing any more since the account is gone; what they hold goes with them. */
export const handler = consume(
  consumers.erasePerson,
  { table: parts.table, identity: parts.identity },
  function erasePerson({ data }, { table, identity }) {
    return eraseAndReport(table, personErased, data, () =>
      throughPages(
        (startKey) => identity.listFamilies(data.userId, pageSize, startKey),
        async (family) => {
          await identity.removeFamily(family)
          return true
        },
      ),
    )
  },
)
