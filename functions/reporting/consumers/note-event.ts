import type { AnyOf } from '../../../shared/contract/event.ts'
import { now } from '../../../shared/runtime/clock.ts'
import { type Consume, consume } from '../../../shared/runtime/consume.ts'
import { repeated } from '../../../shared/runtime/repeated.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { consumers } from '../contract.ts'
import { merged } from '../domain.ts'
import { gathered } from '../gathered.ts'
import { type RecordsTable, recordsTable } from '../table.ts'

type Dependencies = { records: Pick<RecordsTable, 'get' | 'replace'> }
type News = AnyOf<(typeof consumers.noteEvent)['on']>

/** Reads what is known of the order, adds the events, writes; events that say nothing new write nothing. */
export const noteEvent = ({ records }: Dependencies): Consume<typeof consumers.noteEvent> => {
  const note = gathered<News>(async (orderId, events) => {
    await repeated(async () => {
      const before = await records.get(orderId)
      const after = events.reduce((record, event) => merged(record, event) ?? record, before.record)
      return after === before.record || records.replace(before, after)
    })
  })
  return (event) => note(event.data.orderId, event)
}

export const handler = consume(consumers.noteEvent, () =>
  noteEvent({ records: recordsTable({ table: openTable(), now }) }),
)
