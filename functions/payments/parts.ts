/**
 * What functions of payments need. What only some of them use, and brings much along, stands apart: a bundle holds all that is
 * imported here (providers/parts.ts, providers/deferring.ts; or the function's own file).
 */
import { openTable } from '../../shared/runtime/table.ts'
import { paymentsTable } from './table.ts'

export const table = openTable
export const payments = () => paymentsTable(openTable())
