/** Round trips of the functions of reviews to its table, by what they are asked for. Another one fails a test. */
import type { Budgets } from '../../support/round-trips.ts'

export const budgets = {
  'delete-review': { reads: 1, writes: 1 },
  'edit-review': { reads: 1, writes: 1 },
  'edit-review: unchanged': { reads: 1, writes: 0 },
  'hide-review': { reads: 1, writes: 1 },
  'hide-review: unchanged': { reads: 1, writes: 0 },
  'list-my-reviews': { reads: 2, writes: 0 },
  'list-reported-reviews': { reads: 2, writes: 0 },
  'list-reviews': { reads: 2, writes: 0 },
  'record-delivery': { reads: 1, writes: 1 },
  'record-delivery: of no products': { reads: 0, writes: 0 },
  'read-review': { reads: 1, writes: 0 },
  'report-review': { reads: 0, writes: 1 },
  'unhide-review': { reads: 1, writes: 1 },
  'write-review': { reads: 1, writes: 1 },
} as const satisfies Budgets
