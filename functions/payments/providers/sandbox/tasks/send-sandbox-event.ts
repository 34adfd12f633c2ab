import { now } from '../../../../../shared/runtime/clock.ts'
import { retryOnConflict } from '../../../../../shared/runtime/retry-on-conflict.ts'
import { secretsFrom } from '../../../../../shared/runtime/secret.ts'
import { setting } from '../../../../../shared/runtime/settings.ts'
import { openTable } from '../../../../../shared/runtime/table.ts'
import { work } from '../../../../../shared/runtime/task.ts'
import { signWebhook } from '../../../../../shared/runtime/webhook-signature.ts'
import type { SandboxEvent } from '../events.ts'
import { sandboxMemory } from '../memory.ts'
import { provider } from '../provider.ts'

const postToShop = async (body: string, headers: Record<string, string>): Promise<number> => {
  const response = await fetch(`${setting('API_URL')}/payment-events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
    signal: AbortSignal.timeout(5_000),
  })
  return response.status
}

/** The slow method's second half, on the provider's side of the wire: decides, and tells the shop as a provider would. */
export const handler = work(
  provider.tasks.sendSandboxEvent,
  { memory: () => sandboxMemory(openTable()), secrets: () => secretsFrom(setting('PROVIDER_SECRET_ARN')) },
  async function sendSandboxEvent({ orderId }, { memory, secrets }) {
    const intent = await retryOnConflict(async () => {
      const found = await memory.get(orderId)
      if (!found) throw new Error(`the sandbox knows no payment of ${orderId}`)
      return found.state === 'pending' ? memory.put({ ...found, state: 'authorized' }) : found
    })
    if (intent.state === 'voided') return
    const event: SandboxEvent = { id: `sandbox-${orderId}-authorized`, type: 'authorization.succeeded', orderId }
    const body = JSON.stringify(event)
    const [secret] = await secrets()
    if (!secret) throw new Error('there is no secret to sign with')
    const status = await postToShop(body, signWebhook(secret, event.id, body, now()))
    if (status >= 300) throw new Error(`the shop answered the sandbox's event with ${status}`)
  },
)
