import { provide } from '../../../../shared/runtime/call.ts'
import { isoTime } from '../../../../shared/runtime/clock.ts'
import { exportPage } from '../../../../shared/runtime/export.ts'
import * as published from '../../../published/identity.ts'
import * as parts from '../../parts.ts'
import { viewOf } from '../../view.ts'

const familiesPerPage = 50

/** The password is kept as a hash only, which is nothing to give out. */
export const handler = provide(
  published.exportPerson,
  { identity: parts.identity },
  function exportPerson(person, { identity }) {
    return exportPage(person, {
      account: async (userId, after) => {
        const user = after === undefined ? await identity.getUser(userId) : undefined
        return {
          entries: user ? [{ at: user.id, record: { ...viewOf(user), nickname: user.nickname } }] : [],
          more: false,
        }
      },
      session: async (userId, after) => {
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
      },
    })
  },
)
