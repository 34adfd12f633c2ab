import { isoTime, now } from '../../../shared/runtime/clock.ts'
import { decodeCursor, defaultLimit, nextCursor } from '../../../shared/runtime/cursor.ts'
import { serveStaff } from '../../../shared/runtime/serve-staff.ts'
import { endpoints, graceMinutes } from '../contract.ts'
import * as parts from '../parts.ts'

export const handler = serveStaff(
  endpoints.readReconciliation,
  { records: parts.records },
  async function readReconciliation(
    { query: { limit = defaultLimit, cursor, olderThanMinutes = graceMinutes } },
    { records },
  ) {
    const list = `reconciliation ${olderThanMinutes}`
    const checkedAtMs = now()
    const until = isoTime(checkedAtMs - olderThanMinutes * 60_000)
    const { orders, lastKey } = await records.pageOfUnsettled(until, limit, decodeCursor(list, cursor))
    return {
      body: {
        data: orders,
        next_cursor: nextCursor(list, lastKey),
        checkedAt: isoTime(checkedAtMs),
      },
    }
  },
)
