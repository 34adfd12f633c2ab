/** Round trips of the functions of notifications to its table, by what they are asked for. Another one fails a test. */
import type { Budgets } from '../../support/round-trips.ts'

export const budgets = {
  'list-notifications': { reads: 1, writes: 0 },
  'notify-of-refund': { reads: 1, writes: 3 },
  'notify-of-dispatch': { reads: 1, writes: 3 },
  'notify-of-dispatch: to nobody': { reads: 0, writes: 0 },
  'notify-of-dispatch: unchanged': { reads: 1, writes: 0 },
  'notify-of-follow': { reads: 2, writes: 1 },
  'notify-of-order: unchanged': { reads: 1, writes: 0 },
  'notify-of-return': { reads: 1, writes: 3 },
} as const satisfies Budgets
