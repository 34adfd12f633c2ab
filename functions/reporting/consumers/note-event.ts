import { consume } from '../../../shared/runtime/consume.ts'
import { consumers } from '../contract.ts'
import * as parts from '../parts.ts'

export const handler = consume(consumers.noteEvent, { note: parts.note }, function noteEvent(event, { note }) {
  return note(event.data.orderId, event)
})
