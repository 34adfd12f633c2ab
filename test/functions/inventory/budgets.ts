/** Round trips of the functions of inventory to its table, by what they are asked for. Another one fails a test. */
import type { Budgets } from '../../support/round-trips.ts'

export const budgets = {
  'adjust-stock': { reads: 1, writes: 1 },
  'adjust-stock: with a key': { reads: 2, writes: 1 },
  'commit: unchanged': { reads: 1, writes: 0 },
  'move-due': { reads: 4, writes: 0 },
  'open-stock-items: two variants': { reads: 0, writes: 2 },
  'read-history': { reads: 1, writes: 0 },
  'read-stock': { reads: 1, writes: 0 },
  'receive-stock': { reads: 1, writes: 1 },
  'release-stock: unchanged': { reads: 1, writes: 0 },
  'release-stock: before its reservation': { reads: 1, writes: 1 },
  reserve: { reads: 0, writes: 1 },
  'reserve: refused': { reads: 1, writes: 2 },
  'reserve: repeated': { reads: 1, writes: 1 },
  'restock-return': { reads: 0, writes: 1 },
  'restock-return: a hundred lines': { reads: 0, writes: 3 },
  'take-counts: two items': { reads: 1, writes: 2 },
} as const satisfies Budgets
