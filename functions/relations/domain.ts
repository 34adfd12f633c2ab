/** Who follows whom, seen from one of two people; friends are two who follow each other. Pure. */

/** That one person follows another. It stays when it is over, so that its events go on being numbered. */
export type Edge = {
  followerId: string
  followedId: string
  /** Since when, RFC 3339; absent where it is over, or never began. */
  since?: string | undefined
  /** Until when it was, where it is over. */
  until?: string | undefined
  /** Since when the other way round as well. */
  friendsSince?: string | undefined
  /** 0: not written yet. */
  version: number
  sequence: number
}

/** Both ways between me and someone else. */
export type Pair = { mine: Edge; theirs: Edge }

export type Counts = { followers: number; following: number; friends: number }

export const noEdge = (followerId: string, followedId: string): Edge => ({
  followerId,
  followedId,
  version: 0,
  sequence: 0,
})

export const areFriends = ({ mine }: Pair): boolean => mine.friendsSince !== undefined

/** @returns undefined when I do so already @param at RFC 3339 */
export const followed = ({ mine, theirs }: Pair, at: string): Pair | undefined => {
  if (mine.since !== undefined) return undefined
  const begun = { ...mine, since: at, until: undefined }
  if (theirs.since === undefined) return { mine: begun, theirs }
  return { mine: { ...begun, friendsSince: at }, theirs: { ...theirs, friendsSince: at } }
}

/** @returns undefined when I do not follow them @param at RFC 3339 */
export const unfollowed = ({ mine, theirs }: Pair, at: string): Pair | undefined => {
  if (mine.since === undefined) return undefined
  return {
    mine: { ...mine, since: undefined, until: at, friendsSince: undefined },
    theirs: theirs.friendsSince === undefined ? theirs : { ...theirs, friendsSince: undefined },
  }
}

const oneIf = (value: unknown): number => (value === undefined ? 0 : 1)

/** What a pair adds to the counts of the one whose edge is named first. */
const shareOf = (own: Edge, other: Edge): Counts => ({
  following: oneIf(own.since),
  followers: oneIf(other.since),
  friends: oneIf(own.friendsSince),
})

const difference = (after: Counts, before: Counts): Counts => ({
  following: after.following - before.following,
  followers: after.followers - before.followers,
  friends: after.friends - before.friends,
})

/** What a change of a pair does to the counts of both. */
export const countsChanged = (before: Pair, after: Pair): { mine: Counts; theirs: Counts } => ({
  mine: difference(shareOf(after.mine, after.theirs), shareOf(before.mine, before.theirs)),
  theirs: difference(shareOf(after.theirs, after.mine), shareOf(before.theirs, before.mine)),
})

export const sumOfCounts = (counts: readonly Counts[]): Counts => ({
  followers: counts.reduce((sum, { followers }) => sum + followers, 0),
  following: counts.reduce((sum, { following }) => sum + following, 0),
  friends: counts.reduce((sum, { friends }) => sum + friends, 0),
})

/** Both ways between two people, as the other one sees it. */
export const turned = ({ mine, theirs }: Pair): Pair => ({ mine: theirs, theirs: mine })

/** What is left of a pair when one of both is erased. */
export const nothingOf = ({ mine: { followerId, followedId } }: Pair): Pair => ({
  mine: noEdge(followerId, followedId),
  theirs: noEdge(followedId, followerId),
})

/** A person on a list. `place` orders lists, and says where a page ends. */
export type Listed = { userId: string; since: string; place: string }

/** The newest first; of equal moments, the greater id. */
export const newestFirst = (people: readonly Listed[]): Listed[] =>
  people.toSorted((a, b) => (a.place > b.place ? -1 : a.place < b.place ? 1 : 0))

/**
 * One page out of the first of several lists of the same order.
 * @param after where the last page ended @returns `next`: where this one ends, if there is more
 */
export const pageOf = (
  lists: readonly (readonly Listed[])[],
  limit: number,
  after: string | undefined,
): { people: Listed[]; next: string | undefined } => {
  const rest = newestFirst(lists.flat()).filter(({ place }) => after === undefined || place < after)
  const people = rest.slice(0, limit)
  return { people, next: rest.length > limit ? people.at(-1)?.place : undefined }
}

/**
 * Friends see of each other what was done since they are friends, and since it is shown: what was hidden or among strangers
 * stays so. @param at when it was done
 */
export const isSeen = (
  at: string,
  { friendsSince, showsSince }: { friendsSince: string | undefined; showsSince: string | undefined },
): boolean => friendsSince !== undefined && friendsSince <= at && showsSince !== undefined && showsSince <= at
