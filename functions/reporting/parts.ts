/** What functions of reporting need, each made by itself: a function's bundle holds the parts that it names, and no others. */
import { openTable } from '../../shared/runtime/table.ts'
import { eventRecorder } from './event-recorder.ts'
import { recordsTable } from './table.ts'

export const records = () => recordsTable(openTable())
/** Lives as long as its instance: events that come while others of their order are being written go with the next write. */
export const note = () => eventRecorder(recordsTable(openTable()))
