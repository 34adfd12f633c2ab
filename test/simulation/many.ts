/** Many runs, one seed after another, on all threads. */
import { styled } from '../../cdk/local/console.ts'
import type { Crew } from './crew.ts'
import type { Done } from './worker.ts'

export type Summary = {
  runs: number
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
  hasProgress: boolean
}

const added = (counts: Map<string, number>, name: string): void => {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}

const median = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0

/** Jobs that are out at the same time: enough that no thread waits, few enough that an end comes soon. */
const ahead = 16

export const runMany = async (crew: Crew, options: ManyOptions): Promise<Summary> => {
  const { from, runs, shoppers, stopAt, hasProgress } = options
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
  const work = async (): Promise<void> => {
    while (next < from + runs && failing.length < stopAt) {
      const seed = next
      next += 1
      const done = await crew.run({ seed, shoppers })
      cpuMs.push(done.cpuMs)
      for (const name of done.faults) added(faults, name.slice(0, name.indexOf(':')))
      for (const state of done.reached) added(reached, state)
      if (done.broken) failing.push(done)
      if (cpuMs.length % 50 === 0) show()
    }
  }
  await Promise.all(Array.from({ length: ahead }, work))
  if (hasProgress && process.stdout.isTTY) process.stdout.write('\r\u001b[K')
  failing.sort((a, b) => a.seed - b.seed)
  const seconds = (performance.now() - began) / 1000
  return { runs: cpuMs.length, failing, faults, reached, medianCpuMs: median(cpuMs), seconds }
}
