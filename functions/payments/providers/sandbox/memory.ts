/**
 * What the sandbox was asked and has done, in a partition of the payments table that shares no transaction with the payments,
 * as an outside system would keep it.
 */
import * as z from 'zod/mini'
import { notThere, type Table, versionIs } from '../../../../shared/runtime/table.ts'

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

export const newIntent = (orderId: string, method: string, amountMinor: number): Intent => ({
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
