/**
 * In some runs a service that others ask at once answers nobody for a while: an order cannot be priced, a shipment not be
 * stopped. Whoever asks must then say so, or go on with what it is sure of; never take silence for an answer.
 */

import type { World } from '../world/run-context.ts'
import { hasSilence } from '../world/sampling.ts'

/** Those whose answers decide about money and goods. */
const asked = [
  'carts/checkout-snapshot',
  'catalog/quote',
  'shipping/quote',
  'shipping/stop',
  'shipping/stop',
  'orders/settle-expired',
  'identity/find-user',
  'identity/standing',
] as const

/** Milliseconds. */
const silentForMs = [2_000, 60_000, 20 * 60_000, 3 * 60 * 60_000, 3 * 60 * 60_000] as const
const beginsAfterMs = [0, 0, 1_000, 60_000] as const

export type Silence = 'hangs' | 'refuses'

/** @returns whether a procedure gives no answer at this moment, and how */
export const createSilence = (world: World): ((service: string, name: string) => Silence | undefined) => {
  if (!hasSilence(world.seed)) return () => undefined
  const silent = world.pick('who is silent', asked)
  const from = world.nowMs + world.pick('silent after', beginsAfterMs)
  const until = from + world.pick('silent for', silentForMs)
  const how = world.pick('silent how', ['hangs', 'refuses'] as const)
  return (service, name) =>
    `${service}/${name}` === silent && world.nowMs >= from && world.nowMs < until ? how : undefined
}
