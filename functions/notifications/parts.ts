/** What functions of notifications need, each made by itself: a function's bundle holds the parts that it names, and no others. */
import { openTable } from '../../shared/runtime/table.ts'
import { personTable } from './privacy/table.ts'
import { notificationsTable } from './table.ts'

export const table = openTable
export const notifications = () => notificationsTable(openTable())
export const person = () => personTable(openTable())
