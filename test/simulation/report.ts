/** What many runs have shown, in a few lines. */

import { styled } from '../../cdk/local/console.ts'
import type { SiteCounts } from './coverage.ts'
import type { Summary } from './many.ts'
import { mustSometimes } from './reached.ts'

const total = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((sum, count) => sum + count, 0)

/** Call sites that were never ended before, or after, their call. */
export const uncovered = (sites: ReadonlyMap<string, SiteCounts>): string[] =>
  [...sites].flatMap(([site, { crashedBefore, crashedAfter }]) =>
    crashedBefore > 0 && crashedAfter > 0 ? [] : [`${site} (before ${crashedBefore}, after ${crashedAfter})`],
  )

export const unreached = ({ reached }: Summary): string[] => mustSometimes.filter((state) => !reached.has(state))

const row = (name: string, text: string): string => `  ${styled('dim', name.padEnd(12))} ${text}`

export const report = (summary: Summary, sites: ReadonlyMap<string, SiteCounts>): void => {
  const { runs, failing, faults, reached, medianCpuMs, seconds } = summary
  const kinds = [...faults].sort(([, a], [, b]) => b - a).map(([kind, count]) => `${kind} ${count}`)
  const left = uncovered(sites)
  const verdict =
    failing.length === 0 ? styled('green', 'all invariants hold') : styled('red', `${failing.length} broken`)
  console.log(row('runs', `${runs} in ${seconds.toFixed(0)} s, ${verdict}`))
  console.log(row('each', `${medianCpuMs.toFixed(1)} ms of processor time in the median`))
  console.log(row('faults', `${total(faults)}: ${kinds.join(', ')}`))
  console.log(row('reached', [...reached].map(([state, count]) => `${state} ${count}`).join('; ')))
  for (const state of unreached(summary)) console.log(row('', styled('yellow', `never reached: ${state}`)))
  console.log(row('call sites', `${sites.size - left.length} of ${sites.size} crashed before and after`))
  for (const site of left) console.log(row('', styled('yellow', site)))
  const seeds = failing.map(({ seed, broken }) => `${seed} (${broken?.invariant})`)
  if (seeds.length > 0) console.log(row('broken', seeds.join(', ')))
}
