/** Functions that run by the clock: late, twice, and often while something happens, seldom while nothing does. */
import { entriesOf } from '../../../../cdk/constructs/entries.ts'
import { type InvokeFunction, services } from '../world/functions.ts'
import type { RunContext } from '../world/run-context.ts'
import { takesPart } from '../world/sampling.ts'

export type Schedules = {
  /** Runs every scheduled function once, now. */
  tick(): void
  /** Lets them run from now on, at growing intervals. */
  start(): void
}

const all = services.flatMap((service) =>
  entriesOf(service).flatMap(({ kind, name }) =>
    kind === 'schedule' ? [{ service: service.name, name: `${service.name}/${name}` }] : [],
  ),
)

/** What gives up waiting is part of the saga. All others are nets: nothing may depend on them. */
const deadlines = ['orders/move-overdue', 'identity/pursue-erasures']

/** Minutes from the run's beginning. In between nothing is due that would not be due at the next of them as well. */
const minutes = [1, 2, 5, 14, 16, 22, 70, 26 * 60] as const

export const createSchedules = (run: RunContext, invoke: InvokeFunction): Schedules => {
  let ticks = 0
  const names = all.flatMap(({ service, name }) =>
    takesPart(run.seed, service) && (run.hasNets || deadlines.includes(name)) ? [name] : [],
  )
  const tick = (): void => {
    ticks += 1
    for (const name of names) {
      const point = `${name} by the clock ${ticks}`
      const start = (copy: string) =>
        invoke(name, point + copy, {}, (outcome) => {
          if (!outcome.ok) run.tell(() => `${name} FAILED: ${outcome.error}`)
        })
      start('')
      if (run.fault('twice', point)) run.at(run.chance(`twice ${point}`) * 2_000, () => start(' (twin)'))
    }
  }
  return {
    tick,
    start() {
      for (const minute of minutes)
        run.at((minute + run.chance(`tick ${minute}`)) * 60_000, () => {
          if (!run.fault('request-lost', `tick ${minute}`)) tick()
        })
    },
  }
}
