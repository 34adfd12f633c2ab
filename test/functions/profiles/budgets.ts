/** Round trips of the functions of profiles to its table, by what they are asked for. Another one fails a test. */
import type { Budgets } from '../../support/round-trips.ts'

export const budgets = {
  'add-address': { reads: 1, writes: 1 },
  'add-address: with a key': { reads: 2, writes: 1 },
  'change-me': { reads: 1, writes: 1 },
  'change-me: unchanged': { reads: 1, writes: 0 },
  'choose-avatar': { reads: 1, writes: 2 },
  'choose-avatar: unchanged': { reads: 1, writes: 0 },
  'list-addresses': { reads: 1, writes: 0 },
  'open-profile': { reads: 0, writes: 1 },
  'public-profiles': { reads: 1, writes: 0 },
  'public-profiles: of nobody': { reads: 0, writes: 0 },
  'read-address': { reads: 1, writes: 0 },
  'read-me': { reads: 1, writes: 0 },
  'read-me: first look': { reads: 1, writes: 1 },
  'read-profile': { reads: 1, writes: 0 },
  'remove-address': { reads: 1, writes: 1 },
  'remove-avatar': { reads: 1, writes: 1 },
  'remove-avatar: unchanged': { reads: 1, writes: 0 },
  'remove-pictures': { reads: 4, writes: 2 },
  'replace-address': { reads: 1, writes: 1 },
} as const satisfies Budgets
