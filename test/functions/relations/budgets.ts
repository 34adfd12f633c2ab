/** Round trips of the functions of relations to its table, by what they are asked for. Another one fails a test. */
import type { Budgets } from '../../support/round-trips.ts'

export const budgets = {
  'erase-person': { reads: 0, writes: 2 },
  'follow-user': { reads: 1, writes: 1 },
  'follow-user: unchanged': { reads: 1, writes: 0 },
  'list-friends': { reads: 1, writes: 0 },
  'record-activity': { reads: 0, writes: 1 },
  'record-visibility': { reads: 0, writes: 1 },
  'read-feed': { reads: 2, writes: 0 },
  'read-feed: empty': { reads: 1, writes: 0 },
  'read-feed: most of it hidden': { reads: 6, writes: 0 },
  'read-relations': { reads: 5, writes: 0 },
  'read-relations: of oneself': { reads: 4, writes: 0 },
  'unfollow-user': { reads: 1, writes: 1 },
  'unfollow-user: of oneself': { reads: 0, writes: 0 },
  'unfollow-user: unchanged': { reads: 1, writes: 0 },
} as const satisfies Budgets
