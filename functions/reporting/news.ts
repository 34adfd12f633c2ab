/** Writes down what events say of orders. */
import type { AnyOf } from '../../shared/contract/event.ts'
import { retryOnConflict } from '../../shared/runtime/retry-on-conflict.ts'
import type { consumers } from './contract.ts'
import { merged } from './domain.ts'
import { type Gather, gathered } from './gathered.ts'
import type { RecordsTable } from './table.ts'

type News = AnyOf<(typeof consumers.noteEvent)['on']>

/** Reads what is known of an order, adds its events, writes; events that say nothing new write nothing. */
export const newsGatherer = (records: RecordsTable): Gather<News> =>
  gathered(async (orderId, events) => {
    await retryOnConflict(async () => {
      const before = await records.get(orderId)
      const after = events.reduce((record, event) => merged(record, event) ?? record, before.record)
      return after === before.record || records.replace(before, after)
    })
  })
