/** `npm run simulate`: many runs, one run told, or a deliberate bug to be found. */
import { availableParallelism } from 'node:os'
import { styled } from '../../../../cdk/operate/command-line/console.ts'
import { startEngine } from '../../../support/engine.ts'
import { commandLine, misused, wholeNumber } from '../../command-line.ts'
import type { Crash } from '../faults/coverage.ts'
import { runCampaign, type Summary } from './campaign.ts'
import { report } from './report.ts'
import { sabotageTable } from './sabotage-table.ts'
import { type Story, shrink } from './shrink.ts'
import { startWorkerPool, type WorkerPool } from './worker-pool.ts'

const usage = `npm run simulate -- [options]   tries to break the shop, and says how

  --runs N         so many runs (default 1000)
  --from S         the first of their seeds (default 1)
  --orders M       shoppers in a run, each with one order (default 2)
  --seed S         this one run
  --trace          with --seed: its whole history
  --engine         tables in the embedded engine instead of the model: slower, real
  --cover          then each call of AWS that was not crashed on both sides yet is: in the very run that came to it
  --crash 'CALL SIDE'  with --seed: as one of these runs; may be given more than once
  --details        names each call site, function and state that no run came to
  --sabotage NAME  with one deliberate bug, which must be found; 'all' for a table of all of them
  --help           this text

  Ends with 0, with 1 when an invariant was broken or a bug not found, with 2 when an option makes no sense.`

const options = () => {
  const { values } = commandLine(usage, {
    options: {
      runs: { type: 'string', default: '1000' },
      from: { type: 'string', default: '1' },
      orders: { type: 'string', default: '2' },
      seed: { type: 'string' },
      trace: { type: 'boolean', default: false },
      engine: { type: 'boolean', default: false },
      cover: { type: 'boolean', default: false },
      crash: { type: 'string', multiple: true, default: [] },
      details: { type: 'boolean', default: false },
      sabotage: { type: 'string' },
    },
  })
  const numberOf = (name: string, text: string) => wholeNumber(name, text, usage, 1)
  const orders = numberOf('orders', values.orders)
  return {
    ...values,
    runs: numberOf('runs', values.runs),
    from: numberOf('from', values.from),
    seed: values.seed === undefined ? undefined : numberOf('seed', values.seed),
    shoppers: Array.from({ length: orders }, (_, index) => index + 1),
  }
}

/** `orders/relay orders 1 3 0 PutEvents 1 crash-before` */
const crashOf = (text: string): Crash => {
  const [, point, side] = /^(.+) (crash-before|crash-after)$/.exec(text) ?? []
  if (point && (side === 'crash-before' || side === 'crash-after')) return { point, side }
  return misused(`--crash takes a call's name and crash-before or crash-after, not "${text}"`, usage)
}

/** The lines of a history that tell the story: what people did, what was told, what failed. */
const storyLines = (history: readonly string[]): string[] =>
  history.filter((line) => !/^ *[\d.]+ {5}(?!FAULT)/.test(line))

const printStory = ({ seed, shoppers, only, done }: Story): void => {
  console.log(styled('red', `\n✗ ${done.broken?.invariant} is broken: ${done.broken?.detail}`))
  console.log(styled('dim', `  ${shoppers.length} shopper(s), ${only.length} fault(s) left of the run`))
  for (const line of storyLines(done.history)) console.log(line.includes('FAULT') ? styled('yellow', line) : line)
  const crashes = done.crashes.map(({ point, side }) => ` --crash '${point} ${side}'`).join('')
  console.log(`\n  again:  npm run simulate -- --seed ${seed} --orders ${Math.max(...shoppers)}${crashes} --trace`)
}

type One = { seed: number; shoppers: readonly number[]; crashes: readonly Crash[] }

/** @returns whether it held */
const runOne = async (pool: WorkerPool, one: One, trace: boolean): Promise<boolean> => {
  const { seed, shoppers } = one
  const done = await pool.run({ ...one, history: trace })
  for (const line of done.history) console.log(line)
  if (!done.broken) {
    console.log(styled('green', `seed ${seed} holds: ${done.faults.length} faults`))
    return true
  }
  if (trace) console.log(styled('red', `✗ ${done.broken.invariant}: ${done.broken.detail}`))
  else printStory(await shrink(pool, done, shoppers))
  return false
}

const finished = async (
  pool: WorkerPool,
  summary: Summary,
  shoppers: readonly number[],
  details: boolean,
): Promise<boolean> => {
  report(summary, await pool.sites(), details)
  const [first] = summary.failing
  if (!first) return true
  printStory(await shrink(pool, first, shoppers))
  return false
}

const run = async (): Promise<boolean> => {
  const { sabotage, engine: wantsEngine, seed, runs, from, shoppers, trace, cover, crash, details } = options()
  if (sabotage === 'all') return sabotageTable(shoppers)
  const engine = wantsEngine ? await startEngine() : undefined
  const size = seed === undefined ? availableParallelism() : 1
  const pool = startWorkerPool(size, { ...(engine ? { engine: engine.url } : {}), ...(sabotage ? { sabotage } : {}) })
  try {
    if (seed !== undefined) return await runOne(pool, { seed, shoppers, crashes: crash.map(crashOf) }, trace)
    const stopAt = sabotage === undefined ? 20 : 1
    const summary = await runCampaign(pool, { from, runs, shoppers, stopAt, hasProgress: true, covers: cover })
    const held = await finished(pool, summary, shoppers, details)
    if (sabotage === undefined) return held
    console.log(held ? styled('red', `${sabotage} was not found`) : styled('green', `\n${sabotage} was found`))
    return !held
  } finally {
    await pool.stop()
    engine?.stop()
  }
}

// Whoever reads only the beginning (`| head`) has read enough.
process.stdout.on('error', () => process.exit())

try {
  process.exitCode = (await run()) ? 0 : 1
} catch (error) {
  console.error(styled('red', error instanceof Error ? error.message : String(error)))
  process.exitCode = 1
}
