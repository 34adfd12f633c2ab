/** Every deliberate bug, and how many runs it took to find it: what the machine can see. */
import { availableParallelism } from 'node:os'
import { styled } from '../../../../cdk/operate/command-line/console.ts'
import { sabotages } from '../sabotages/sabotages.ts'
import { runCampaign } from './campaign.ts'
import { type Story, shrink } from './shrink.ts'
import { startWorkerPool } from './worker-pool.ts'

/** A bug that so many runs do not find counts as not seen. */
const maxRuns = 2_000

/** So many failing runs are made small; the smallest story is the one to read. */
const candidates = 4

/** @returns whether all were found */
export const sabotageTable = async (shoppers: readonly number[]): Promise<boolean> => {
  let missed = 0
  console.log(styled('bold', `${'sabotage'.padEnd(44)} ${'runs'.padStart(5)}  ${'broken'.padEnd(7)} shoppers  faults`))
  for (const { name } of sabotages) {
    const pool = startWorkerPool(availableParallelism(), { sabotage: name })
    const summary = await runCampaign(pool, { from: 1, runs: maxRuns, shoppers, stopAt: candidates, hasProgress: true })
    const [first] = summary.failing
    if (first) {
      const stories: Story[] = []
      for (const failing of summary.failing) stories.push(await shrink(pool, failing, shoppers))
      const [story] = stories.toSorted((a, b) => a.only.length - b.only.length)
      if (!story) continue
      const figures = `${String(story.shoppers.length).padStart(8)}  ${String(story.only.length).padStart(6)}`
      console.log(
        `${name.padEnd(44)} ${String(first.seed).padStart(5)}  ${(first.broken?.invariant ?? '').padEnd(7)} ${figures}`,
      )
    } else {
      missed += 1
      console.log(styled('red', `${name.padEnd(44)} ${String(maxRuns).padStart(5)}  not found`))
    }
    await pool.stop()
  }
  const verdict =
    missed === 0 ? styled('green', `all ${sabotages.length} were found`) : styled('red', `${missed} were not found`)
  console.log(verdict)
  return missed === 0
}
