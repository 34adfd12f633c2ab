import { newId, now } from '../../../../shared/runtime/clock.ts'
import { consume } from '../../../../shared/runtime/consume.ts'
import { erasePerson, throughPages } from '../../../../shared/runtime/erasure.ts'
import { openTable } from '../../../../shared/runtime/table.ts'
import { personErased } from '../../../published/identity.ts'
import { consumers } from '../../contract.ts'
import { type IdentityTable, identityTable } from '../../table.ts'

const pageSize = 25

/** They open nothing any more since the account is gone; what they hold goes with them. */
export const eraseSessions =
  ({ identity }: { identity: Pick<IdentityTable, 'listFamilies' | 'removeFamily'> }) =>
  (userId: string): Promise<boolean> =>
    throughPages(
      (startKey) => identity.listFamilies(userId, pageSize, startKey),
      async (family) => {
        await identity.removeFamily(family)
        return true
      },
    )

export const handler = consume(consumers.erasePerson, () => {
  const table = openTable()
  const erase = eraseSessions({ identity: identityTable({ table, now, newId }) })
  return erasePerson({ table, personErased, erase, now, newId })
})
