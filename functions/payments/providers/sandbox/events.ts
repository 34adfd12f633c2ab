/** What the sandbox reports by itself, signed after Standard Webhooks. */
import * as z from 'zod/mini'
import { Id } from '../../../../shared/contract/schema.ts'
import { parseRawBody } from '../../../../shared/runtime/raw-body.ts'
import { isSignedWebhook } from '../../../../shared/runtime/webhook-signature.ts'
import type { CreateReader, Decision } from '../port.ts'

const SandboxEvent = z.strictObject({
  id: z.string().check(z.minLength(1), z.maxLength(100)),
  type: z.enum(['authorization.succeeded', 'authorization.failed']),
  orderId: Id('ord'),
  declineCode: z.optional(z.string().check(z.maxLength(64))),
})
export type SandboxEvent = z.infer<typeof SandboxEvent>

const decisionOf = (event: SandboxEvent): Decision =>
  event.type === 'authorization.succeeded'
    ? { status: 'authorized' }
    : { status: 'declined', declineCode: event.declineCode ?? 'card_declined' }

export const createReader: CreateReader =
  ({ secrets }) =>
  async ({ headers, body, nowMs }) => {
    if (!isSignedWebhook(await secrets(), headers, body, nowMs)) return { type: 'unsigned' }
    const event = parseRawBody(SandboxEvent, body)
    if (!event) return { type: 'malformed' }
    return { type: 'decision', id: event.id, orderId: event.orderId, decide: async () => decisionOf(event) }
  }
