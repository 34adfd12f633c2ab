/** Makes a failing run small: fewer shoppers, fewer faults, and still the same invariant broken (delta debugging). */

import type { Done } from './worker.ts'
import type { WorkerPool } from './worker-pool.ts'

export type Story = { seed: number; shoppers: readonly number[]; only: readonly string[]; done: Done }

/** Runs that shrinking may take. */
const maxTries = 400

const without = <T>(all: readonly T[], from: number, count: number): T[] => [
  ...all.slice(0, from),
  ...all.slice(from + count),
]

/** @param failing the run as it was found @returns the smallest story found, told line by line */
export const shrink = async (pool: WorkerPool, failing: Done, shoppers: readonly number[]): Promise<Story> => {
  const { seed, broken, crashes } = failing
  let tries = 0
  let best: { shoppers: readonly number[]; only: readonly string[] } = { shoppers, only: failing.faults }
  const breaks = async (candidate: typeof best): Promise<boolean> => {
    if (tries >= maxTries) return false
    tries += 1
    const done = await pool.run({ seed, crashes, ...candidate })
    if (done.broken?.invariant !== broken?.invariant) return false
    // Faults that were allowed but did not happen are none of the story.
    best = { ...candidate, only: candidate.only.filter((name) => done.faults.includes(name)) }
    return true
  }
  const dropShoppers = async (): Promise<void> => {
    for (let index = best.shoppers.length - 1; index >= 0 && best.shoppers.length > 1; index -= 1)
      await breaks({ ...best, shoppers: without(best.shoppers, index, 1) })
  }
  const dropFaults = async (): Promise<boolean> => {
    const before = best.only.length
    for (let size = Math.max(1, best.only.length >> 1); ; size >>= 1) {
      for (let from = 0; from < best.only.length; )
        if (!(await breaks({ ...best, only: without(best.only, from, size) }))) from += size
      if (size <= 1) break
    }
    return best.only.length < before
  }
  await dropShoppers()
  while (best.only.length > 0 && (await dropFaults()) && tries < maxTries) await dropShoppers()
  return { seed, ...best, done: await pool.run({ seed, crashes, ...best, history: true }) }
}
