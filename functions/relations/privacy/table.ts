/** What an erasure writes. Keys are in relations/table.ts and feed/table.ts. */
import { now } from '../../../shared/runtime/clock.ts'
import type { Change, Table } from '../../../shared/runtime/table.ts'
import { countsChanged, type Edge, nothingOf, type Pair } from '../domain.ts'
import { allCountsKeysOf, edgeKeyOf } from '../keys.ts'
import { countsChange, countsNotErased, unchanged } from '../table.ts'

/** As long as the mark of an erasure: longer than any message can be late. */
const keptSeconds = 120 * 24 * 60 * 60

const gone = (edge: Edge): Change<'lost'> =>
  edge.version === 0
    ? { check: edgeKeyOf(edge), when: unchanged(edge), else: 'lost' }
    : { delete: edgeKeyOf(edge), when: unchanged(edge), else: 'lost' }

export const erasureTable = (table: Table) => ({
  /**
   * Puts a mark in the place of someone's counts. Whoever follows adds to one of them in the same write, so no edge comes
   * after it; and no item is asked by all who follow.
   */
  async closeCounts(userId: string): Promise<void> {
    const expiresAt = Math.floor(now() / 1000) + keptSeconds
    await Promise.all(
      allCountsKeysOf(userId).map((key) =>
        table.write([{ put: { ...key, erased: true, expiresAt }, when: countsNotErased, else: 'closed' }]),
      ),
    )
  },

  /** Both edges go, and what they added to the other one's counts. @returns undefined when another change came first */
  async erasePair(pair: Pair): Promise<true | undefined> {
    const { followerId: me, followedId: them } = pair.mine
    const edges = [gone(pair.mine), gone(pair.theirs)]
    const { theirs } = countsChanged(pair, nothingOf(pair))
    const isCounted = Object.values(theirs).some((count) => count !== 0)
    const written = await table.write([
      ...edges,
      ...(isCounted ? [countsChange(them, me, theirs, 'they are erased')] : []),
    ])
    if (written.ok) return true
    if (written.failed === 'lost') return undefined
    // The other one is being erased as well, and has no counts any more.
    return (await table.write(edges)).ok || undefined
  },
})

export type ErasureTable = ReturnType<typeof erasureTable>
