import { consume } from '../../../../shared/runtime/consume.ts'
import { eraseAndReport } from '../../../../shared/runtime/erasure.ts'
import { personErased } from '../../../published/relations.ts'
import { consumers } from '../../contract.ts'
import * as parts from '../../parts.ts'
import { eraseSome, erasingParts } from '../erase.ts'

/** Guests have no relations to anybody. */
const isGuest = (userId: string): boolean => userId.startsWith('gst_')

export const handler = consume(
  consumers.erasePerson,
  { table: parts.table, ...erasingParts },
  function erasePerson({ data }, given) {
    return eraseAndReport(given.table, personErased, data, async () => {
      if (isGuest(data.userId)) return true
      await given.erasure.closeCounts(data.userId)
      return eraseSome(given, data.userId)
    })
  },
)
