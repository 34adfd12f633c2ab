/** What the functions of this service are built from. The provider is chosen here. */
import { newId, now } from '../../shared/runtime/clock.ts'
import { openTable } from '../../shared/runtime/table.ts'
import type { Provider } from './provider.ts'
import { sandbox, sandboxMemory } from './sandbox.ts'
import { type PaymentsTable, paymentsTable } from './table.ts'

/** Only a new authorization can be slow; the other functions have nothing to report later. */
const noReports = async (orderId: string): Promise<void> => {
  throw new Error(`this function cannot have the sandbox report on ${orderId}`)
}

export const paymentDependencies = (
  reportLater: (orderId: string) => Promise<void> = noReports,
): { payments: PaymentsTable; provider: Provider } => {
  const table = openTable()
  return { payments: paymentsTable({ table, now, newId }), provider: sandbox(sandboxMemory(table), reportLater) }
}
