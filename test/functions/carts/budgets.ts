/** Round trips of the functions of carts to its table, by what they are asked for. Another one fails a test. */
import type { Budgets } from '../../support/round-trips.ts'

export const budgets = {
  'clear-cart': { reads: 1, writes: 1 },
  'clear-cart: unchanged': { reads: 1, writes: 0 },
  'create-cart': { reads: 0, writes: 1 },
  'merge-cart': { reads: 1, writes: 1 },
  'read-cart': { reads: 1, writes: 0 },
  'read-my-cart': { reads: 1, writes: 0 },
  'remove-line': { reads: 1, writes: 1 },
  'set-line': { reads: 1, writes: 1 },
  'set-lines': { reads: 1, writes: 1 },
} as const satisfies Budgets
