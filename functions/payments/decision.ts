/** Writes what the provider decided on an authorization, with what the others are told of it. */
import { count } from '../../shared/runtime/observability.ts'
import { metrics } from './contract.ts'
import type { Payment } from './domain.ts'
import { factsOfDecision } from './outcomes.ts'
import type { PaymentsTable, ProviderEvent } from './table.ts'

/**
 * @param payment as the decision leaves it @param providerEvent the report that brought it, if one did
 * @returns undefined when another change came first
 */
export const saveDecision = async (
  payments: Pick<PaymentsTable, 'save'>,
  payment: Payment,
  providerEvent?: ProviderEvent,
): Promise<Payment | undefined> => {
  const written = await payments.save(payment, { facts: factsOfDecision(payment), providerEvent })
  if (written?.status === 'declined') count(metrics.paymentsDeclined)
  return written
}
