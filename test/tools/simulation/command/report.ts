/** What many runs have shown, in a few lines. */

import { entriesOf } from '../../../../cdk/constructs/entries.ts'
import { styled } from '../../../../cdk/operate/command-line/console.ts'
import type { Site } from '../faults/coverage.ts'
import { coverageGoals } from '../invariants/coverage-goals.ts'
import { isSimulated, services } from '../world/functions.ts'
import type { Summary } from './campaign.ts'

const total = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((sum, count) => sum + count, 0)

/** Call sites that were never ended before, or after, their call. */
export const uncovered = (sites: ReadonlyMap<string, Site>): string[] =>
  [...sites].flatMap(([site, { crashedBefore, crashedAfter }]) =>
    crashedBefore > 0 && crashedAfter > 0 ? [] : [`${site} (before ${crashedBefore}, after ${crashedAfter})`],
  )

/** Functions that call AWS and were never run. */
const neverRun = (sites: ReadonlyMap<string, Site>): string[] => {
  const run = new Set([...sites.keys()].map((site) => site.split(' ')[0]))
  return services.flatMap((service) =>
    entriesOf(service).flatMap(({ name, declaration }) =>
      (declaration.table ?? []).length > 0 && isSimulated(service.name, name) && !run.has(`${service.name}/${name}`)
        ? [`${service.name}/${name}`]
        : [],
    ),
  )
}

export const unreached = ({ reached }: Summary): string[] => coverageGoals.filter((state) => !reached.has(state))

const row = (name: string, text: string): string => `  ${styled('dim', name.padEnd(12))} ${text}`

/** Where the parts of a list are too many to be read: how many, and how to see them. */
const named = (what: string, names: readonly string[], details: boolean): void => {
  if (names.length === 0) return
  if (details) for (const name of names) console.log(row('', styled('yellow', `${what}: ${name}`)))
  else console.log(row('', styled('yellow', `${names.length} ${what}; --details names them`)))
}

/** @param details whether each call site, function and state that is missing is named; the verdict comes last */
export const report = (summary: Summary, sites: ReadonlyMap<string, Site>, details = false): void => {
  const { runs, aimed, failing, faults, reached, medianCpuMs, seconds } = summary
  const kinds = [...faults].sort(([, a], [, b]) => b - a).map(([kind, count]) => `${kind} ${count}`)
  const left = uncovered(sites)
  const verdict =
    failing.length === 0 ? styled('green', 'all invariants hold') : styled('red', `${failing.length} broken`)
  const how = aimed > 0 ? `, ${aimed} of them to crash one call` : ''
  console.log(row('each', `${medianCpuMs.toFixed(1)} ms of processor time in the median`))
  console.log(row('faults', `${total(faults)}: ${kinds.join(', ')}`))
  console.log(row('reached', [...reached].map(([state, count]) => `${state} ${count}`).join('; ')))
  named('never reached', unreached(summary), details)
  console.log(row('call sites', `${sites.size - left.length} of ${sites.size} crashed before and after`))
  named('not crashed on both sides', left, details)
  named('never run', neverRun(sites), details)
  const seeds = failing.map(({ seed, broken }) => `${seed} (${broken?.invariant})`)
  if (seeds.length > 0) console.log(row('broken', seeds.join(', ')))
  console.log(row('runs', `${runs} in ${seconds.toFixed(0)} s${how}: ${verdict}`))
}
