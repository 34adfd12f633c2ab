/** Round trips of the functions of wishlist to its table, by what they are asked for. Another one fails a test. */
import type { Budgets } from '../../support/round-trips.ts'

export const budgets = {
  'add-to-wishlist': { reads: 1, writes: 1 },
  'add-to-wishlist: unchanged': { reads: 1, writes: 0 },
  'read-shared-wishlist': { reads: 2, writes: 0 },
  'read-wishlist': { reads: 1, writes: 0 },
  'remove-from-wishlist': { reads: 1, writes: 1 },
  'remove-from-wishlist: unchanged': { reads: 1, writes: 0 },
  'share-wishlist': { reads: 1, writes: 1 },
  'share-wishlist: shared already': { reads: 1, writes: 0 },
  'unshare-wishlist': { reads: 1, writes: 1 },
  'unshare-wishlist: unchanged': { reads: 1, writes: 0 },
} as const satisfies Budgets
