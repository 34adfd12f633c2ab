import * as z from 'zod/mini'
import { type ExportPerson, ExportPosition } from '../../../../shared/contract/personal-data.ts'
import { type Call, call } from '../../../../shared/runtime/call.ts'
import { isoTime, type Now, now } from '../../../../shared/runtime/clock.ts'
import { decodeCursor, encodeCursor } from '../../../../shared/runtime/cursor.ts'
import { type Handle, problem, serve } from '../../../../shared/runtime/serve.ts'
import { endpoints } from '../../contract.ts'
import { holders } from '../holders.ts'

const Positions = z.record(z.string(), ExportPosition)

type Holder = { service: string; ask: Call<ExportPerson> }

/**
 * Asks every service at once. One that does not answer makes the whole unavailable: half an export would be taken for all
 * there is. The next page asks only those that have more.
 */
export const exportMe =
  ({ holders, now }: { holders: readonly Holder[]; now: Now }): Handle<typeof endpoints.exportMe> =>
  async ({ caller, query }) => {
    const scope = `export of ${caller.id}`
    const cursor = decodeCursor(scope, query.cursor)
    const from = cursor && Positions.safeParse(cursor)
    if (from && !from.success)
      return problem('INVALID_CURSOR', 'This cursor is not one of this list; begin again without it.')
    const positions = from && new Map(Object.entries(from.data))
    const asked = holders.filter(({ service }) => !positions || positions.has(service))
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
  }

export const handler = serve(endpoints.exportMe, () =>
  exportMe({
    holders: holders.map(({ exportPerson }) => ({ service: exportPerson.service, ask: call(exportPerson) })),
    now,
  }),
)
