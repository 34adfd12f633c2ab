/** What the functions of this service are built from. */
import { newId, now } from '../../shared/runtime/clock.ts'
import { openTable } from '../../shared/runtime/table.ts'
import { create } from './providers/chosen/adapter.ts'
import type { ProviderParts } from './providers/port.ts'
import type { Settling } from './settle.ts'
import { type PaymentsTable, paymentsTable } from './table.ts'

/** @param more `defer`, in functions that may ask for an authorization */
export const paymentDependencies = (
  more: Pick<ProviderParts, 'defer'> = {},
): Settling & { payments: PaymentsTable } => {
  const table = openTable()
  return { payments: paymentsTable({ table, now, newId }), provider: create({ table, ...more }), now }
}
