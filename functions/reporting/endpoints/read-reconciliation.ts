import { isoTime, type Now, now } from '../../../shared/runtime/clock.ts'
import { decodeCursor, encodeCursor } from '../../../shared/runtime/cursor.ts'
import type { Handle } from '../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../shared/runtime/serve-staff.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { endpoints, graceMinutes } from '../contract.ts'
import { type RecordsTable, recordsTable } from '../table.ts'

const defaultLimit = 20

type Dependencies = { records: Pick<RecordsTable, 'pageOfUnsettled'>; now: Now }

export const readReconciliation =
  ({ records, now }: Dependencies): Handle<typeof endpoints.readReconciliation> =>
  async ({ query: { limit = defaultLimit, cursor, olderThanMinutes = graceMinutes } }) => {
    const list = `reconciliation ${olderThanMinutes}`
    const checkedAtMs = now()
    const until = isoTime(checkedAtMs - olderThanMinutes * 60_000)
    const { orders, lastKey } = await records.pageOfUnsettled(until, limit, decodeCursor(list, cursor))
    return {
      body: {
        data: orders,
        next_cursor: lastKey ? encodeCursor(list, lastKey) : null,
        checkedAt: isoTime(checkedAtMs),
      },
    }
  }

export const handler = serveStaff(endpoints.readReconciliation, () =>
  readReconciliation({ records: recordsTable({ table: openTable(), now }), now }),
)
