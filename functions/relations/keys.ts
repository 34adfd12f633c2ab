/** Keys that several of this service's table files know. */
import { createHash } from 'node:crypto'
import type { Key } from '../../shared/runtime/table.ts'

/** Edges of one pair stand together: under a key of their own, so that nobody's popularity heats it. */
export const edgeKeyOf = ({ followerId, followedId }: { followerId: string; followedId: string }): Key => ({
  pk: `pair#${[followerId, followedId].toSorted().join('#')}`,
  sk: followerId,
})

/** What could become hot is spread over so many partitions: each takes a thousand writes a second. */
export const partitions = [0, 1, 2, 3] as const

const shardsPerPartition = 8

/** A ULID's last characters are random. */
const characterOf = (id: string, fromEnd: number): number => id.charCodeAt(id.length - fromEnd)

/** @returns the number of the partition in which someone popular finds this other person */
export const partitionOf = (otherId: string): number => characterOf(otherId, 1) % partitions.length

/** What stays of someone's counts when they are erased is a mark under a key that does not name them. */
const hashOf = (userId: string): string => createHash('sha256').update(userId).digest('base64url')

export const countsOf = (userId: string, partition: number): string => `counts#${hashOf(userId)}#${partition}`

/** The part of someone's counts to which this other person adds: always the same, so it never goes below zero. */
export const countsKeyOf = (userId: string, otherId: string): Key => ({
  pk: countsOf(userId, partitionOf(otherId)),
  sk: `shard#${characterOf(otherId, 2) % shardsPerPartition}`,
})

/** Every part of someone's counts. */
export const allCountsKeysOf = (userId: string): Key[] =>
  partitions.flatMap((partition) =>
    Array.from({ length: shardsPerPartition }, (_, shard) => ({
      pk: countsOf(userId, partition),
      sk: `shard#${shard}`,
    })),
  )
