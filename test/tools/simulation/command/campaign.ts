/** Many runs, one seed after another, on all threads. */
import { styled } from '../../../../cdk/operate/command-line/console.ts'
import type { Crash, Side, Site } from '../faults/coverage.ts'
import type { Done, Job } from './worker.ts'
import type { WorkerPool } from './worker-pool.ts'

export type Summary = {
  runs: number
  /** Of these, runs that were repeated to crash one call. */
  aimed: number
  failing: readonly Done[]
  /** Faults injected, by kind. */
  faults: ReadonlyMap<string, number>
  /** Runs that reached a state, by state. */
  reached: ReadonlyMap<string, number>
  medianCpuMs: number
  seconds: number
}

export type CampaignOptions = {
  from: number
  runs: number
  shoppers: readonly number[]
  /** Ends after so many failing runs. */
  stopAt: number
  /** Whether runs are repeated in the end to crash the calls that were not crashed on both sides. */
  covers?: boolean
  hasProgress: boolean
}

const added = (counts: Map<string, number>, name: string): void => {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}

const median = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0

/** Jobs that are out at the same time: enough that no thread waits, few enough that an end comes soon. */
const ahead = 16

/** A run that came to a call, with this call crashed as well. */
type Again = { seed: number; crashes: readonly Crash[] }

const again = ({ seen: { seed, crashes, point } }: Site, side: Side): Again => ({
  seed,
  crashes: [...crashes, { point, side }],
})

/** For every call that was not crashed on one side or the other so far, the run in which it was seen first. */
const restOf = (sites: ReadonlyMap<string, Site>): [name: string, Again][] =>
  [...sites].flatMap(([name, site]): [string, Again][] => [
    ...(site.crashedBefore > 0 ? [] : [[`${name} before`, again(site, 'crash-before')] as [string, Again]]),
    ...(site.crashedAfter > 0 ? [] : [[`${name} after`, again(site, 'crash-after')] as [string, Again]]),
  ])

const inParallel = (work: () => Promise<void>) => Promise.all(Array.from({ length: ahead }, work))

/** Crashes every call that was reached and not crashed on both sides. @returns how many runs that took */
const crashTheRest = async (
  pool: WorkerPool,
  one: (run: Again) => Promise<Done>,
  isOver: () => boolean,
): Promise<number> => {
  const tried = new Set<string>()
  // On its way a repeated run may find calls that nobody knew of; these come next.
  for (;;) {
    const left = restOf(await pool.sites()).filter(([name]) => !tried.has(name))
    if (left.length === 0) return tried.size
    const jobs = left.values()
    await inParallel(async () => {
      for (const [name, run] of jobs) {
        if (isOver()) return
        tried.add(name)
        await one(run)
      }
    })
    if (isOver()) return tried.size
  }
}

export const runCampaign = async (pool: WorkerPool, options: CampaignOptions): Promise<Summary> => {
  const { from, runs, shoppers, stopAt, hasProgress, covers = false } = options
  const began = performance.now()
  const failing: Done[] = []
  const faults = new Map<string, number>()
  const reached = new Map<string, number>()
  const cpuMs: number[] = []
  let next = from
  const show = (): void => {
    if (!hasProgress || !process.stdout.isTTY) return
    const seconds = ((performance.now() - began) / 1000).toFixed(0)
    process.stdout.write(
      `\r${styled('dim', `${cpuMs.length} of ${runs} runs, ${seconds} s, ${failing.length} broken `)}`,
    )
  }
  const one = async (run: Omit<Job, 'id' | 'shoppers'>): Promise<Done> => {
    const done = await pool.run({ ...run, shoppers })
    cpuMs.push(done.cpuMs)
    for (const name of done.faults) added(faults, name.slice(0, name.indexOf(':')))
    for (const state of done.reached) added(reached, state)
    if (done.broken) failing.push(done)
    if (cpuMs.length % 50 === 0) show()
    return done
  }
  const isOver = () => failing.length >= stopAt
  await inParallel(async () => {
    while (next < from + runs && !isOver()) {
      next += 1
      await one({ seed: next - 1 })
    }
  })
  const aimed = covers ? await crashTheRest(pool, one, isOver) : 0
  if (hasProgress && process.stdout.isTTY) process.stdout.write('\r\u001b[K')
  failing.sort((a, b) => a.seed - b.seed)
  const seconds = (performance.now() - began) / 1000
  return { runs: cpuMs.length, aimed, failing, faults, reached, medianCpuMs: median(cpuMs), seconds }
}
