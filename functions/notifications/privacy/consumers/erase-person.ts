import { consume } from '../../../../shared/runtime/consume.ts'
import { eraseAndReport, throughPages } from '../../../../shared/runtime/erasure.ts'
import { personErased } from '../../../published/notifications.ts'
import { consumers } from '../../contract.ts'
import * as parts from '../../parts.ts'
import type { Kept, PersonTable } from '../table.ts'

const pageSize = 25

const eraseKept = (person: PersonTable, kept: Kept, userId: string): Promise<boolean> =>
  throughPages(
    (startKey) => person.list(kept, userId, pageSize, startKey),
    async (key) => {
      await person.remove(key)
      return true
    },
  )

/**
 * An order under way is still told of by mail: until none is, only what others were told of the person goes.
 */
export const handler = consume(
  consumers.erasePerson,
  { table: parts.table, person: parts.person },
  async function erasePerson({ data }, { table, person }) {
    const erase = (kept: Kept) => eraseKept(person, kept, data.userId)
    if (data.ordersSettled)
      await eraseAndReport(table, personErased, data, async () => {
        const outcomes = await Promise.all([erase('follows'), erase('messages')])
        return outcomes.every(Boolean)
      })
    else await erase('follows')
  },
)
