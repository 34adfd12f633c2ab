import { provide } from '../../../../shared/runtime/call.ts'
import { isoTime, newId, now } from '../../../../shared/runtime/clock.ts'
import { exportPerson as exported, type ReadKind } from '../../../../shared/runtime/export.ts'
import { openTable } from '../../../../shared/runtime/table.ts'
import { exportPerson } from '../../../published/identity.ts'
import { type IdentityTable, identityTable } from '../../table.ts'
import { viewOf } from '../../view.ts'

const familiesPerPage = 50

/** The password is kept as a hash only, which is nothing to give out. */
const readAccount =
  ({ identity }: { identity: Pick<IdentityTable, 'getUser'> }): ReadKind =>
  async (userId, after) => {
    const user = after === undefined ? await identity.getUser(userId) : undefined
    return {
      entries: user ? [{ at: user.id, record: { ...viewOf(user), nickname: user.nickname } }] : [],
      more: false,
    }
  }

const readSessions =
  ({ identity }: { identity: Pick<IdentityTable, 'pageOfFamilies'> }): ReadKind =>
  async (userId, after) => {
    const page = await identity.pageOfFamilies(userId, after, familiesPerPage)
    const entries = page.families.map(({ id, expiresAt, rotatedAtMs, ended }) => ({
      at: id,
      record: {
        id,
        isOpen: !ended,
        renewedAt: rotatedAtMs === undefined ? undefined : isoTime(rotatedAtMs),
        expiresAt: isoTime(expiresAt * 1000),
      },
    }))
    return { entries, more: page.more }
  }

export const handler = provide(exportPerson, () => {
  const identity = identityTable({ table: openTable(), now, newId })
  return exported({ account: readAccount({ identity }), session: readSessions({ identity }) })
})
