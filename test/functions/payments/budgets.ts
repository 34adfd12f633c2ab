/** Round trips of the functions of payments to its table, by what they are asked for. Another one fails a test. */
import type { Budgets } from '../../support/round-trips.ts'

export const budgets = {
  'refund-return: unchanged': { reads: 1, writes: 0 },
  'refund-return: before the capture': { reads: 1, writes: 1 },
  'undo: unchanged': { reads: 1, writes: 0 },
} as const satisfies Budgets
