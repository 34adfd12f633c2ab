/** Round trips of the functions of shipping to its table, by what they are asked for. Another one fails a test. */
import type { Budgets } from '../../support/round-trips.ts'

export const budgets = {
  'create-shipment': { reads: 1, writes: 1 },
  'dispatch-shipment': { reads: 1, writes: 1 },
  'dispatch-shipment: unchanged': { reads: 1, writes: 0 },
  quote: { reads: 0, writes: 0 },
  'read-shipment': { reads: 1, writes: 0 },
  'receive-carrier-event: repeated': { reads: 3, writes: 0 },
  stop: { reads: 1, writes: 1 },
  'stop-shipment': { reads: 1, writes: 1 },
  'stop-shipment: unchanged': { reads: 1, writes: 0 },
  'stop: unchanged': { reads: 1, writes: 0 },
} as const satisfies Budgets
