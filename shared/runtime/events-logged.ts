/** Log lines about events: one for all of a batch that are of one trace and about one order or cart, as each line costs. */
import { logger } from './observability.ts'

export type LoggedEvent = {
  event: { type: string; id: string; aggregateId: string }
  /** Fields of its line: `trace_id`, `span_id`, and `order_id` or `cart_id` where it is about one. */
  fields: Readonly<Record<string, string>>
}

/** `order.confirmed evt_…`, and which thing it is about where the line does not say so. */
const told = ({ event: { type, id, aggregateId }, fields }: LoggedEvent): string =>
  Object.values(fields).includes(aggregateId) ? `${type} ${id}` : `${type} ${id} ${aggregateId}`

/** Each message has a span of its own; of those that share a line, the first one's stands there. */
const lineOf = ({ fields }: LoggedEvent): string => JSON.stringify({ ...fields, span_id: undefined })

export const logEvents =
  (message: 'consumed' | 'published') =>
  (events: readonly LoggedEvent[]): void => {
    for (const together of Map.groupBy(events, lineOf).values())
      logger.info(message, { ...together[0]?.fields, events: together.map(told) })
  }
