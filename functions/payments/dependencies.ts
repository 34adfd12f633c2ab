/** What the functions of this service are built from. The provider is chosen here. */
import { newId, now } from '../../shared/runtime/clock.ts'
import { openTable, type Table } from '../../shared/runtime/table.ts'
import type { Provider } from './providers/provider.ts'
import { type Surroundings, sandbox, sandboxMemory } from './providers/sandbox/sandbox.ts'
import type { Settling } from './settle.ts'
import { type PaymentsTable, paymentsTable } from './table.ts'

/** Only a new authorization can be slow, and only one function reads what the provider signed. */
const none: Surroundings = {
  reportLater: async (orderId) => {
    throw new Error(`this function cannot have the sandbox report on ${orderId}`)
  },
  secrets: async () => {
    throw new Error('this function reads no signed requests')
  },
}

/** A provider that is loaded by the first call of it. */
const late = (name: string, load: () => Promise<Provider>): Provider => {
  let loaded: Promise<Provider> | undefined
  const provider = () => {
    loaded ??= load()
    return loaded
  }
  return {
    name,
    authorize: async (step) => (await provider()).authorize(step),
    confirm: async (step) => (await provider()).confirm(step),
    confirmationSecret: async (orderId) => (await provider()).confirmationSecret(orderId),
    capture: async (step) => (await provider()).capture(step),
    void: async (step) => (await provider()).void(step),
    refund: async (step) => (await provider()).refund(step),
    read: async (request) => (await provider()).read(request),
  }
}

/** `PAYMENT_PROVIDER` is said when the bundle is made: what the shop does not use is not in it, and costs no start-up. */
const providerOf = (table: Table, surroundings: Surroundings): Provider =>
  process.env.PAYMENT_PROVIDER === 'stripe'
    ? late('stripe', async () =>
        (await import('./providers/stripe/provider.ts')).stripeProvider(table, surroundings.secrets),
      )
    : sandbox(sandboxMemory(table), surroundings)

export const paymentDependencies = (
  surroundings: Partial<Surroundings> = {},
): Settling & { payments: PaymentsTable } => {
  const table = openTable()
  const provider = providerOf(table, { ...none, ...surroundings })
  return { payments: paymentsTable({ table, now, newId }), provider, now }
}
