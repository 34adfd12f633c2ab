/** What functions of reviews need, each made by itself: a function's bundle holds the parts that it names, and no others. */
import { openTable } from '../../shared/runtime/table.ts'
import { reportsTable } from './moderation/table.ts'
import { purchasesTable } from './purchases/table.ts'
import { reviewsTable } from './table.ts'

export const table = openTable
export const reviews = () => reviewsTable(openTable())
export const purchases = () => purchasesTable(openTable())
export const reports = () => reportsTable(openTable())
