/** Writes down what events say of orders. */
import type { AnyOf } from '../../shared/contract/event.ts'
import { retryOnConflict } from '../../shared/runtime/retry-on-conflict.ts'
import { coalesced, type Submit } from './coalesce.ts'
import type { consumers } from './contract.ts'
import { merged } from './domain.ts'
import type { RecordsTable } from './table.ts'

type ReportedEvent = AnyOf<(typeof consumers.recordEvent)['on']>

/** Reads what is known of an order, adds its events, writes; events that say nothing new write nothing. */
export const eventRecorder = (records: RecordsTable): Submit<ReportedEvent> =>
  coalesced(async (orderId, events) => {
    await retryOnConflict(async () => {
      const before = await records.get(orderId)
      const after = events.reduce((record, event) => merged(record, event) ?? record, before.record)
      return after === before.record || records.replace(before, after)
    })
  })
