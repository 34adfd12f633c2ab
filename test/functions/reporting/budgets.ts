/** Round trips of the functions of reporting to its table, by what they are asked for. Another one fails a test. */
import type { Budgets } from '../../support/round-trips.ts'

export const budgets = {
  'record-event': { reads: 1, writes: 1 },
  'record-event: unchanged': { reads: 1, writes: 0 },
  'record-event: written in between': { reads: 2, writes: 2 },
} as const satisfies Budgets
