/** A thread that runs simulations: one at a time, each asked for by its seed. A sabotage holds for the whole thread. */
import { parentPort, workerData } from 'node:worker_threads'
import * as z from 'zod/mini'
import { type Crash, createCoverage, type Site } from '../faults/coverage.ts'
import { sabotages } from '../sabotages/sabotages.ts'
import { install } from '../world/hooks.ts'
import type { RunResult, SwitchableDoors } from './run.ts'

/** What a thread is told once. */
export const WorkerOptions = z.object({
  sabotage: z.optional(z.string()),
  /** Address of the embedded engine; without it, runs keep their tables in the model. */
  engine: z.optional(z.string()),
})
export type WorkerOptions = z.infer<typeof WorkerOptions>

/** One run asked for. `history` wants it told line by line. */
export type Job = {
  id: number
  seed: number
  shoppers: readonly number[]
  only?: readonly string[] | undefined
  history?: boolean
  /** Calls that end their function, beside whatever the seed decides. */
  crashes?: readonly Crash[] | undefined
}

export type Done = {
  id: number
  seed: number
  broken: RunResult['broken']
  faults: string[]
  reached: string[]
  history: string[]
  /** As they were asked for. */
  crashes: readonly Crash[]
  /** Milliseconds of this thread's processor time. */
  cpuMs: number
}

export type Answer = { done: Done } | { sites: Record<string, Site> } | { failed: string }

Object.assign(process.env, {
  AWS_REGION: 'eu-central-1',
  POWERTOOLS_LOG_LEVEL: 'SILENT',
  POWERTOOLS_METRICS_DISABLED: 'true',
  POWERTOOLS_TRACE_ENABLED: 'false',
})

const { sabotage: name, engine } = WorkerOptions.parse(workerData)
const sabotage = sabotages.find((one) => one.name === name)
if (name !== undefined && !sabotage) throw new Error(`there is no sabotage ${name}`)

const doors: SwitchableDoors = { gate: undefined, fetch: undefined }
const noRun = (): never => {
  throw new Error('no run is on')
}
install(
  {
    gate: (...call) => (doors.gate ?? noRun)(...call),
    fetch: (...request) => (doors.fetch ?? noRun)(...request),
  },
  sabotage,
)
// Only now: what is imported from here on is what the hooks make of it.
const { loadFunctions } = await import('../world/functions.ts')
const { simulate } = await import('./run.ts')
const { engineBackend, modelBackend } = await import('../cloud/store.ts')

const functions = await loadFunctions()
const backend = engine === undefined ? modelBackend : engineBackend(engine)
const coverage = createCoverage()

const work = async ({ id, seed, shoppers, only, history: isTold, crashes = [] }: Job): Promise<Done> => {
  const began = process.threadCpuUsage()
  const history: string[] = []
  const result = await simulate(
    {
      seed,
      shoppers,
      crashes,
      // What was left out of a run would be missing on the way back to its calls.
      ...(only ? { only: new Set(only) } : { coverage }),
      ...(isTold ? { history: (line: string) => history.push(line) } : {}),
    },
    functions,
    backend,
    doors,
  )
  const used = process.threadCpuUsage(began)
  return {
    id,
    seed,
    broken: result.broken,
    crashes,
    faults: result.faults.map((fault) => fault.name),
    reached: [...result.reached],
    history,
    cpuMs: (used.user + used.system) / 1000,
  }
}

const answer = (message: Answer): void => parentPort?.postMessage(message)

parentPort?.on('message', (job: Job | 'sites') => {
  if (job === 'sites') return answer({ sites: Object.fromEntries(coverage.sites) })
  work(job).then(
    (done) => answer({ done }),
    (error: unknown) => answer({ failed: `seed ${job.seed}: ${error instanceof Error ? error.stack : String(error)}` }),
  )
})
