/** What must hold of who follows whom. */
import { countsKeyOf } from '../../../../../functions/relations/keys.ts'
import type { Json } from '../../cloud/http.ts'
import type { Broken, End } from '../../world/final-state.ts'

const kinds = ['followers', 'following', 'friends'] as const

/** What the edges add to each part of the counts, by key. */
const expectedCounts = (edges: readonly Json[]): Map<string, Json> => {
  const expected = new Map<string, Json>()
  const add = (userId: string, otherId: string, kind: (typeof kinds)[number]): void => {
    const { pk, sk } = countsKeyOf(userId, otherId)
    const counts = expected.get(`${pk} ${sk}`) ?? { followers: 0, following: 0, friends: 0 }
    expected.set(`${pk} ${sk}`, { ...counts, [kind]: counts[kind] + 1 })
  }
  for (const { followerId, followedId, friendsSince } of edges) {
    add(followerId, followedId, 'following')
    add(followedId, followerId, 'followers')
    if (friendsSince !== undefined) add(followerId, followedId, 'friends')
  }
  return expected
}

/** F1: each part of the counts is exactly its edges. */
const countsBroken = (relations: readonly Json[], edges: readonly Json[]): Broken[] => {
  const expected = expectedCounts(edges)
  const parts = new Map(
    relations.filter(({ pk }) => pk.startsWith('counts#')).map((one) => [`${one.pk} ${one.sk}`, one]),
  )
  return [...new Set([...expected.keys(), ...parts.keys()])].flatMap((key) =>
    kinds
      .filter((kind) => (parts.get(key)?.[kind] ?? 0) !== (expected.get(key)?.[kind] ?? 0))
      .map((kind) => ({
        invariant: 'F1',
        detail: `${key} counts ${parts.get(key)?.[kind] ?? 0} ${kind}, there are ${expected.get(key)?.[kind] ?? 0}`,
      })),
  )
}

/** F2: friends are exactly those who follow each other, since the same moment on both sides. */
const marksBroken = (edges: readonly Json[]): Broken[] =>
  edges.flatMap(({ followerId, followedId, friendsSince, gsi3pk }) => {
    const other = edges.find((edge) => edge.followerId === followedId && edge.followedId === followerId)
    const isMarked = friendsSince !== undefined
    const isRight =
      isMarked === (other !== undefined) && friendsSince === other?.friendsSince && isMarked === (gsi3pk !== undefined)
    return isRight ? [] : [{ invariant: 'F2', detail: `${followerId} and ${followedId} are marked wrongly as friends` }]
  })

/** E2: of every follower there is exactly one message. */
const messagesBroken = (edges: readonly Json[], { notifications }: End): Broken[] =>
  edges.flatMap(({ followerId, followedId }) => {
    const told = notifications.filter(
      ({ gsi1pk, followerId: of }) => gsi1pk === `customer#${followedId}` && of === followerId,
    )
    return told.length === 1
      ? []
      : [{ invariant: 'E2', detail: `${followedId} was told ${told.length} times of ${followerId}` }]
  })

/** F3: nobody hears of an activity twice, nor of their own. */
const feedsBroken = (relations: readonly Json[]): Broken[] => {
  const entries = relations.filter(({ pk }) => pk.startsWith('feed#'))
  const told = entries.map(({ pk, id, actorId }) => `${pk} ${id} ${actorId}`)
  return entries.flatMap(({ pk, id, actorId }, index) =>
    pk === `feed#${actorId}` || told.indexOf(`${pk} ${id} ${actorId}`) !== index
      ? [{ invariant: 'F3', detail: `${pk} has ${id} of ${actorId} twice, or is their own` }]
      : [],
  )
}

/** P1: nothing names whoever was erased, and the service has said so. */
const erasureBroken = ({ relations, notifications }: End, erased: string): Broken[] => [
  ...[...relations, ...notifications]
    .filter((item) => JSON.stringify(item).includes(erased))
    .map(({ pk, sk }) => ({ invariant: 'P1', detail: `${pk} ${sk} is left of ${erased}, who was erased` })),
  ...(relations.some(({ sk, finishedAt }) => sk === 'erased' && finishedAt !== undefined)
    ? []
    : [{ invariant: 'P1', detail: `the erasure of ${erased} never ends` }]),
]

/** @param erased whoever wished to be */
export const brokenFriendships = (end: End, erased: string | undefined): Broken[] => {
  const edges = end.relations.filter(({ pk, since }) => pk.startsWith('pair#') && since !== undefined)
  return [
    ...countsBroken(end.relations, edges),
    ...marksBroken(edges),
    ...messagesBroken(edges, end),
    ...feedsBroken(end.relations),
    ...(erased === undefined ? [] : erasureBroken(end, erased)),
  ]
}
