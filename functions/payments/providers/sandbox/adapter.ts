/** The sandbox behind the provider's port: it remembers what it was asked, and acts once per key. */
import { ConstantBackoff, handleAll, retry } from 'cockatiel'
import { retryOnConflict } from '../../../../shared/runtime/retry-on-conflict.ts'
import type { CreateProvider, Decision, Provider } from '../port.ts'
import { type Intent, newIntent, sandboxMemory } from './memory.ts'
import { provider } from './provider.ts'

export { createReader } from './events.ts'

const answersAfter = 2

/** Asks three times in all, which is what it takes to get through to the flaky method. */
const persistently = retry(handleAll, { maxAttempts: answersAfter, backoff: new ConstantBackoff(20) })

const declineCodeOf = (method: string): string => {
  if (method === 'sandbox_insufficient_funds') return 'insufficient_funds'
  return method.startsWith('sandbox_') ? 'card_declined' : 'payment_method_unknown'
}

const decisionOf = (intent: Intent): Decision => {
  if (intent.state === 'declined') return { status: 'declined', declineCode: declineCodeOf(intent.method) }
  if (intent.state === 'action-required' || intent.state === 'pending' || intent.state === 'voided')
    return { status: intent.state }
  return { status: 'authorized' }
}

const firstState = (method: string): Intent['state'] => {
  switch (method) {
    case 'sandbox_declined':
    case 'sandbox_insufficient_funds':
      return 'declined'
    case 'sandbox_action_required':
      return 'action-required'
    case 'sandbox_slow':
      return 'pending'
    case 'sandbox_ok':
    case 'sandbox_flaky':
      return 'authorized'
    default:
      return 'declined'
  }
}

type AuthorizeStep = Parameters<Provider['authorize']>[0]

export const create: CreateProvider = ({ table, defer }) => {
  const memory = sandboxMemory(table)
  const known = async (orderId: string): Promise<Intent> => {
    const intent = await memory.get(orderId)
    if (!intent) throw new Error(`the sandbox knows no payment of ${orderId}`)
    return intent
  }
  const reportLater = async (orderId: string): Promise<void> => {
    if (!defer) throw new Error(`this function cannot have the sandbox report on ${orderId}`)
    await defer('send-sandbox-event', provider.tasks.sendSandboxEvent)({ orderId })
  }
  /** Does a step unless its key was seen before. */
  const stepOnce = (orderId: string, key: string, change: (intent: Intent) => Partial<Intent>): Promise<Intent> =>
    retryOnConflict(async () => {
      const intent = await known(orderId)
      if (intent.keys.includes(key)) return intent
      return memory.put({ ...intent, ...change(intent), keys: [...intent.keys, key] })
    })
  const decide = async ({ key, orderId, method, amount }: AuthorizeStep): Promise<Intent | undefined> => {
    const before = (await memory.get(orderId)) ?? newIntent(orderId, method, amount.amount)
    if (before.keys.includes(key)) return before
    const requests = before.requests + 1
    if (method !== 'sandbox_flaky' || requests > answersAfter)
      return memory.put({ ...before, requests, state: firstState(method), keys: [...before.keys, key] })
    const noted = await memory.put({ ...before, requests })
    if (!noted) return undefined
    throw new Error('the sandbox could not be reached (network error)')
  }
  const request = async (step: AuthorizeStep): Promise<Decision> => {
    const intent = await retryOnConflict(() => decide(step))
    if (intent.state === 'pending') await reportLater(step.orderId)
    return decisionOf(intent)
  }

  return {
    authorize: (step) => persistently.execute(() => request(step)),
    async confirm({ key, orderId, answer }) {
      const { outcome } = provider.confirmation.parse(answer)
      const after = await stepOnce(orderId, key, ({ state }) =>
        state === 'action-required' ? { state: outcome === 'success' ? 'authorized' : 'declined' } : {},
      )
      return decisionOf(after)
    },
    confirmationSecret: async () => undefined,
    async capture({ key, orderId, amount }) {
      await stepOnce(orderId, key, ({ state, amountMinor }) => {
        if (state !== 'authorized' || amount.amount > amountMinor)
          throw new Error(`the sandbox cannot capture a payment that is ${state}`)
        return { state: 'captured', capturedMinor: amount.amount }
      })
    },
    async void({ key, orderId }) {
      await stepOnce(orderId, key, ({ state }) => {
        if (state === 'captured') throw new Error('the sandbox cannot void what was captured')
        return { state: 'voided' }
      })
    },
    async refund({ key, orderId, amount }) {
      await stepOnce(orderId, key, ({ capturedMinor, refundedMinor }) => {
        if (refundedMinor + amount.amount > capturedMinor)
          throw new Error('the sandbox cannot refund more than was captured')
        return { refundedMinor: refundedMinor + amount.amount }
      })
    },
  }
}
