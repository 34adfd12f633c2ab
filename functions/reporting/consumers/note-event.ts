import { now } from '../../../shared/runtime/clock.ts'
import { type Consume, consume } from '../../../shared/runtime/consume.ts'
import { repeated } from '../../../shared/runtime/repeated.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { consumers } from '../contract.ts'
import { merged } from '../domain.ts'
import { type InTurn, inTurn } from '../in-turn.ts'
import { type RecordsTable, recordsTable } from '../table.ts'

type Dependencies = { records: Pick<RecordsTable, 'get' | 'replace'>; inTurn: InTurn }

/** Reads what is known of the order, adds the event, writes; an event that says nothing new writes nothing. */
export const noteEvent =
  ({ records, inTurn }: Dependencies): Consume<typeof consumers.noteEvent> =>
  async (event) => {
    const { orderId } = event.data
    await inTurn(orderId, () =>
      repeated(async () => {
        const before = await records.get(orderId)
        const after = merged(before.record, event)
        return after === undefined || records.replace(before, after)
      }),
    )
  }

export const handler = consume(consumers.noteEvent, () =>
  noteEvent({ records: recordsTable({ table: openTable(), now }), inTurn: inTurn() }),
)
