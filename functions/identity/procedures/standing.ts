import { standing } from '../../../shared/contract/standing.ts'
import { provide } from '../../../shared/runtime/call.ts'
import { newId, now } from '../../../shared/runtime/clock.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { identityTable } from '../table.ts'

export const handler = provide(standing, () => {
  const identity = identityTable({ table: openTable(), now, newId })
  return async ({ userId, sessionId }) => ({ isStaff: await identity.isStaff({ id: userId, sessionId }) })
})
