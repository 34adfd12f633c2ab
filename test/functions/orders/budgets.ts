/** Round trips of the functions of orders to its table, by what they are asked for. Another one fails a test. */
import type { Budgets } from '../../support/round-trips.ts'

export const budgets = {
  'add-note': { reads: 0, writes: 1 },
  'add-note: key repeated': { reads: 2, writes: 0 },
  'add-note: with a key': { reads: 1, writes: 1 },
  'cancel-order': { reads: 2, writes: 1 },
  'cancel-order: shipment to be stopped': { reads: 3, writes: 1 },
  'erase-person': { reads: 3, writes: 5 },
  'find-recipient': { reads: 1, writes: 0 },
  'list-notes': { reads: 1, writes: 0 },
  'list-orders': { reads: 2, writes: 0 },
  'place-order': { reads: 2, writes: 1 },
  'place-order: a cart again': { reads: 3, writes: 1 },
  'place-order: key repeated': { reads: 2, writes: 0 },
  'place-order: three undecided': { reads: 4, writes: 0 },
  'read-order': { reads: 1, writes: 0 },
  'read-return': { reads: 2, writes: 0 },
  'receive-return': { reads: 2, writes: 1 },
  'receive-return: unchanged': { reads: 2, writes: 0 },
  'request-return': { reads: 2, writes: 1 },
  'request-return: key repeated': { reads: 2, writes: 0 },
  'settle-expired': { reads: 2, writes: 0 },
  'settle-order': { reads: 1, writes: 1 },
  'settle-order: unchanged': { reads: 1, writes: 0 },
  'withdraw-return': { reads: 2, writes: 1 },
} as const satisfies Budgets
