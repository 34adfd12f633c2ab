import * as z from 'zod/mini'
import { ExportPosition } from '../../../../shared/contract/personal-data.ts'
import { isoTime, now } from '../../../../shared/runtime/clock.ts'
import { decodeCursor, encodeCursor } from '../../../../shared/runtime/cursor.ts'
import { problem, serve } from '../../../../shared/runtime/serve.ts'
import { endpoints } from '../../contract.ts'
import * as parts from '../../parts.ts'

const Positions = z.record(z.string(), ExportPosition)

/**
 * Asks every service at once. One that does not answer makes the whole unavailable: half an export would be taken for all
 * there is. The next page asks only those that have more.
 */
export const handler = serve(
  endpoints.exportMe,
  { exports: parts.exports },
  async function exportMe({ caller, query }, { exports }) {
    const scope = `export of ${caller.id}`
    const cursor = decodeCursor(scope, query.cursor)
    const from = cursor && Positions.safeParse(cursor)
    if (from && !from.success)
      return problem('INVALID_CURSOR', 'This cursor is not one of this list; begin again without it.')
    const positions = from && new Map(Object.entries(from.data))
    const asked = exports.filter(({ service }) => !positions || positions.has(service))
    const answers = await Promise.all(
      asked.map(async ({ service, ask }) => ({
        service,
        ...(await ask({ userId: caller.id, after: positions?.get(service) })),
      })),
    )
    const left = answers.flatMap(({ service, after }) => (after === undefined ? [] : [[service, after]]))
    return {
      body: {
        userId: caller.id,
        exportedAt: isoTime(now()),
        services: Object.fromEntries(answers.map(({ service, records }) => [service, records])),
        next_cursor: left.length > 0 ? encodeCursor(scope, Object.fromEntries(left)) : null,
      },
    }
  },
)
