/** Many runs, one seed after another, on all threads. */
import { styled } from '../../cdk/local/console.ts'
import type { Aim } from './coverage.ts'
import type { Crew } from './crew.ts'
import type { Done } from './worker.ts'

export type Summary = {
  runs: number
  /** Of these, runs that aimed at one call. */
  aimed: number
  failing: readonly Done[]
  /** Faults injected, by kind. */
  faults: ReadonlyMap<string, number>
  /** Runs that reached a state, by state. */
  reached: ReadonlyMap<string, number>
  medianCpuMs: number
  seconds: number
}

export type ManyOptions = {
  from: number
  runs: number
  shoppers: readonly number[]
  /** Ends after so many failing runs. */
  stopAt: number
  /** Whether calls that were never crashed are aimed at in the end. */
  aims?: boolean
  hasProgress: boolean
}

const added = (counts: Map<string, number>, name: string): void => {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}

const median = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0

/** Jobs that are out at the same time: enough that no thread waits, few enough that an end comes soon. */
const ahead = 16

/** Runs that aim at one call before it is given up. */
const triesPerAim = 5_000

/** Calls that were not crashed on one side or the other so far. */
const restOf = async (crew: Crew): Promise<Aim[]> =>
  [...(await crew.sites())]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([site, { crashedBefore, crashedAfter }]): Aim[] => [
      ...(crashedBefore > 0 ? [] : [{ site, crash: 'crash-before' as const }]),
      ...(crashedAfter > 0 ? [] : [{ site, crash: 'crash-after' as const }]),
    ])

const nameOf = ({ site, crash }: Aim): string => `${site} ${crash}`

/** Aims at every call that was reached and not crashed on both sides. @returns how many runs that took */
const aimAtRest = async (crew: Crew, one: (aim: Aim) => Promise<Done>, isOver: () => boolean): Promise<number> => {
  const tried = new Set<string>()
  let runs = 0
  const hit = async (aim: Aim): Promise<void> => {
    let isHit = false
    const tryOn = async (): Promise<void> => {
      for (let tries = 0; tries < triesPerAim / ahead && !isHit && !isOver(); tries += 1) {
        runs += 1
        isHit = (await one(aim)).isHit || isHit
      }
    }
    tried.add(nameOf(aim))
    await Promise.all(Array.from({ length: ahead }, tryOn))
  }
  // Aiming finds calls that nobody knew of; these come next.
  for (;;) {
    const next = (await restOf(crew)).find((aim) => !tried.has(nameOf(aim)))
    if (!next || isOver()) return runs
    await hit(next)
  }
}

export const runMany = async (crew: Crew, options: ManyOptions): Promise<Summary> => {
  const { from, runs, shoppers, stopAt, hasProgress, aims = false } = options
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
  const one = async (aim?: Aim): Promise<Done> => {
    const seed = next
    next += 1
    const done = await crew.run({ seed, shoppers, aim })
    cpuMs.push(done.cpuMs)
    for (const name of done.faults) added(faults, name.slice(0, name.indexOf(':')))
    for (const state of done.reached) added(reached, state)
    if (done.broken) failing.push(done)
    if (cpuMs.length % 50 === 0) show()
    return done
  }
  const inParallel = (work: () => Promise<void>) => Promise.all(Array.from({ length: ahead }, work))
  await inParallel(async () => {
    while (next < from + runs && failing.length < stopAt) await one()
  })
  const aimed = aims ? await aimAtRest(crew, one, () => failing.length >= stopAt) : 0
  if (hasProgress && process.stdout.isTTY) process.stdout.write('\r\u001b[K')
  failing.sort((a, b) => a.seed - b.seed)
  const seconds = (performance.now() - began) / 1000
  return { runs: cpuMs.length, aimed, failing, faults, reached, medianCpuMs: median(cpuMs), seconds }
}
