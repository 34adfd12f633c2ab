/**
 * The built-in provider: behaves as its methods' names say, needs no account, and remembers what it was asked, as an
 * outside system would. Its memory is a partition of the payments table that shares no transaction with the payments.
 */
import { ConstantBackoff, handleAll, retry } from 'cockatiel'
import * as z from 'zod/mini'
import { parseRawBody } from '../../../../shared/runtime/raw-body.ts'
import { repeated } from '../../../../shared/runtime/repeated.ts'
import { notThere, type Table, versionIs } from '../../../../shared/runtime/table.ts'
import { isSignedWebhook } from '../../../../shared/runtime/webhook-signature.ts'
import { ProviderEvent } from '../../contract.ts'
import type { Decision, Provider } from '../provider.ts'

const Intent = z.object({
  orderId: z.string(),
  method: z.string(),
  amountMinor: z.int(),
  state: z.enum(['new', 'pending', 'action-required', 'authorized', 'declined', 'voided', 'captured']),
  /** Authorization requests received: the flaky method answers the third. */
  requests: z.int(),
  capturedMinor: z.int(),
  refundedMinor: z.int(),
  /** Keys of the steps that were done. */
  keys: z.array(z.string()),
  version: z.int(),
})
export type Intent = z.infer<typeof Intent>

const keyOf = (orderId: string) => ({ pk: `sandbox#${orderId}`, sk: 'intent' })
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

/** What its events say. */
const reported = (event: ProviderEvent): Decision =>
  event.type === 'authorization.succeeded'
    ? { status: 'authorized' }
    : { status: 'declined', declineCode: event.declineCode ?? 'card_declined' }

export const sandboxMemory = (table: Table) => ({
  async get(orderId: string): Promise<Intent | undefined> {
    const item = await table.get(keyOf(orderId))
    return item && Intent.parse(item)
  },
  /** @returns undefined when the provider was asked two things about one order at once, and this one came second */
  async put(intent: Intent): Promise<Intent | undefined> {
    const next = { ...intent, version: intent.version + 1 }
    const when = intent.version === 0 ? notThere : versionIs(intent.version)
    const written = await table.write([{ put: { ...keyOf(intent.orderId), ...next }, when, else: 'raced' }])
    return written.ok ? next : undefined
  },
})

export type SandboxMemory = ReturnType<typeof sandboxMemory>

type AuthorizeStep = Parameters<Provider['authorize']>[0]

const newIntent = (orderId: string, method: string, amountMinor: number): Intent => ({
  orderId,
  method,
  amountMinor,
  state: 'new',
  requests: 0,
  capturedMinor: 0,
  refundedMinor: 0,
  keys: [],
  version: 0,
})

/** What the provider needs of the world besides its memory. */
export type Surroundings = {
  /** Has the provider report the outcome of a slow authorization by event. */
  reportLater: (orderId: string) => Promise<void>
  /** That events are signed with, after Standard Webhooks. */
  secrets: () => Promise<readonly string[]>
}

export const sandbox = (memory: SandboxMemory, { reportLater, secrets }: Surroundings): Provider => {
  const known = async (orderId: string): Promise<Intent> => {
    const intent = await memory.get(orderId)
    if (!intent) throw new Error(`the sandbox knows no payment of ${orderId}`)
    return intent
  }
  /** Does a step unless its key was seen before. */
  const stepOnce = (orderId: string, key: string, change: (intent: Intent) => Partial<Intent>): Promise<Intent> =>
    repeated(async () => {
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
    const intent = await repeated(() => decide(step))
    if (intent.state === 'pending') await reportLater(step.orderId)
    return decisionOf(intent)
  }

  return {
    name: 'sandbox',
    authorize: (step) => persistently.execute(() => request(step)),
    async confirm({ key, orderId, outcome }) {
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
    async read({ headers, body, nowMs }) {
      if (!isSignedWebhook(await secrets(), headers, body, nowMs)) return { type: 'unsigned' }
      const event = parseRawBody(ProviderEvent, body)
      if (!event) return { type: 'malformed' }
      return { type: 'decision', id: event.id, orderId: event.orderId, decide: async () => reported(event) }
    },
  }
}
