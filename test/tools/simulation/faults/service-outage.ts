/**
 * In some runs a service that others ask at once answers nobody for a while: an order cannot be priced, a shipment not be
 * stopped. Whoever asks must then say so, or go on with what it is sure of; never take silence for an answer.
 */

import type { RunContext } from '../world/run-context.ts'
import { hasServiceOutage } from '../world/sampling.ts'

/** Those whose answers decide about money and goods. */
const asked = [
  'carts/checkout-snapshot',
  'catalog/quote',
  'shipping/quote',
  'shipping/stop',
  'shipping/stop',
  'orders/settle-expired',
  'inventory/reserve',
  'inventory/reserve',
  'payments/authorize',
  'payments/authorize',
  'inventory/commit',
  'payments/capture',
  'identity/find-user',
  'identity/check-staff',
] as const

/** Milliseconds. */
const silentForMs = [2_000, 60_000, 20 * 60_000, 3 * 60 * 60_000, 3 * 60 * 60_000] as const
const beginsAfterMs = [0, 0, 1_000, 60_000] as const

export type Outage = 'hangs' | 'refuses'

/** @returns whether a procedure gives no answer at this moment, and how */
export const createServiceOutage = (run: RunContext): ((service: string, name: string) => Outage | undefined) => {
  if (!hasServiceOutage(run.seed)) return () => undefined
  const silent = run.pick('who is silent', asked)
  const from = run.nowMs + run.pick('silent after', beginsAfterMs)
  const until = from + run.pick('silent for', silentForMs)
  const how = run.pick('silent how', ['hangs', 'refuses'] as const)
  return (service, name) =>
    `${service}/${name}` === silent && run.nowMs >= from && run.nowMs < until ? how : undefined
}
