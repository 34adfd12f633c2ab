/** Every deliberate bug, and how many runs it took to find it: what the machine can see. */
import { availableParallelism } from 'node:os'
import { styled } from '../../../../cdk/operate/command-line/console.ts'
import { sabotages } from '../sabotages/sabotages.ts'
import { runCampaign } from './campaign.ts'
import { shrink } from './shrink.ts'
import { startWorkerPool } from './worker-pool.ts'

/** A bug that so many runs do not find counts as not seen. */
const maxRuns = 2_000

/** @returns whether all were found */
export const sabotageTable = async (shoppers: readonly number[]): Promise<boolean> => {
  let missed = 0
  console.log(styled('bold', `${'sabotage'.padEnd(44)} ${'runs'.padStart(5)}  ${'broken'.padEnd(7)} shoppers  faults`))
  for (const { name } of sabotages) {
    const pool = startWorkerPool(availableParallelism(), { sabotage: name })
    const summary = await runCampaign(pool, { from: 1, runs: maxRuns, shoppers, stopAt: 1, hasProgress: true })
    const [first] = summary.failing
    if (first) {
      const story = await shrink(pool, first, shoppers)
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
