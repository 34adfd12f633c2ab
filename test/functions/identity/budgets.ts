/** Round trips of the functions of identity to its table, by what they are asked for. Another one fails a test. */
import type { Budgets } from '../../support/round-trips.ts'

export const budgets = {
  'erase-me': { reads: 1, writes: 1 },
  'find-contact': { reads: 1, writes: 0 },
  'find-user': { reads: 1, writes: 0 },
  guest: { reads: 0, writes: 1 },
  'read-erasure': { reads: 1, writes: 0 },
  'read-roles': { reads: 1, writes: 0 },
  refresh: { reads: 2, writes: 1 },
  register: { reads: 1, writes: 2 },
  'set-roles': { reads: 1, writes: 1 },
  'check-staff': { reads: 1, writes: 0 },
} as const satisfies Budgets
