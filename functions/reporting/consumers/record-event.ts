import { consume } from '../../../shared/runtime/consume.ts'
import { consumers } from '../contract.ts'
import * as parts from '../parts.ts'

export const handler = consume(consumers.recordEvent, { note: parts.note }, function recordEvent(event, { note }) {
  return note(event.data.orderId, event)
})
