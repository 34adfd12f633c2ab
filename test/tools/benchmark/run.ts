/** `npm run bench`: the budgets, measured. Prints a table; exit status 1 when something is over budget. */
import { join } from 'node:path'
import { bundleFunctions } from '../../../cdk/constructs/bundle/bundle.ts'
import { entriesOf, relayEntry } from '../../../cdk/constructs/entries.ts'
import { styled, withProgress } from '../../../cdk/operate/command-line/console.ts'
import { issuer } from '../../../functions/issuer/contract.ts'
import { services } from '../../../functions/services.ts'
import { commandLine, wholeNumber } from '../command-line.ts'
import { logInTimes } from './log-in.ts'
import { orderCosts } from './orders.ts'
import { roundTrips } from './round-trips.ts'
import { searchCosts, searchedProducts } from './search.ts'
import { startUpMedians } from './start-up.ts'

const budgets = {
  bundleBytes: 400_000,
  /** Times an empty handler's. */
  startUpRatio: 3.0,
  confirmedMs: 1_000,
  /** Of nineteen in twenty searches in ten thousand products; processor time in an instance that has searched before. */
  search: { units: 60, cpuMs: 60 },
  /** How far apart the medians of a wrong password and an unknown address may be: more would tell who has an account. */
  logInApartMs: 5,
  /** Times what a monolith on SQLite takes for the same six calls. */
  cpuRatio: 2.0,
}

/** Milliseconds of CPU per order: Vendure on SQLite, one process, six calls, measured at 50 to 60. */
const monolithCpuMs = 55

const usage = `npm run bench -- [options]   measures what has a budget: bundles, start-up, round trips, log-in, processor time

  --rounds N  starts of each function, of which the median is taken (default 11)
  --orders N  orders of which the processor time is measured (default 200)
  --help      this text

  Ends with 0, with 1 when something is over its budget, with 2 when an option makes no sense.`

const { values } = commandLine(usage, {
  options: { rounds: { type: 'string', default: '11' }, orders: { type: 'string', default: '200' } },
})
const rounds = wholeNumber('rounds', values.rounds, usage, 1)
const orders = wholeNumber('orders', values.orders, usage, 1)

type Row = { name: string; measured: string; budget: string; ok: boolean }
const row = (name: string, value: number, budget: number, show: (value: number) => string): Row => ({
  name,
  measured: show(value),
  budget: show(budget),
  ok: value <= budget,
})

const entries = [relayEntry, ...[issuer, ...services].flatMap(entriesOf).map(({ entry }) => entry)]
const bundles = await withProgress('bundling', () => bundleFunctions(entries))
const largest = [...bundles].toSorted(([, a], [, b]) => b.bytes - a.bytes)[0]

const files = new Map([...bundles].map(([entry, { directory }]) => [entry, join(directory, 'index.mjs')]))
const medians = await withProgress(`starting ${files.size} functions, ${rounds} times each`, async (show) =>
  startUpMedians(files, rounds, show),
)
const empty = medians.get('empty') ?? Number.NaN
const slowest = [...medians].toSorted(([, a], [, b]) => b - a)[0]

const trips = await withProgress('counting round trips', roundTrips)
const search = await withProgress(`searching in ${searchedProducts} products`, searchCosts)
const logIn = await withProgress('failing to log in', logInTimes)
const costs = await withProgress('ordering', (show) => orderCosts(orders, show))

const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(0)} KB`
const times = (ratio: number) => `${ratio.toFixed(2)} x`
const milliseconds = (ms: number) => `${ms.toFixed(0)} ms`
const rows: Row[] = [
  row(`largest bundle (${largest?.[0]})`, largest?.[1].bytes ?? Number.NaN, budgets.bundleBytes, kilobytes),
  row(
    `slowest start, against ${empty.toFixed(1)} ms of an empty handler (${slowest?.[0]})`,
    (slowest?.[1] ?? Number.NaN) / empty,
    budgets.startUpRatio,
    times,
  ),
  row(
    `log-in, a wrong password against an unknown address (${(logIn.wrongPasswordMs / logIn.unknownAddressMs).toFixed(2)} x), apart`,
    Math.abs(logIn.wrongPasswordMs - logIn.unknownAddressMs),
    budgets.logInApartMs,
    milliseconds,
  ),
  ...trips.map(({ name, counted, budget }) => row(`round trips: ${name}`, counted, budget, String)),
  row(
    `read units of a search in ${searchedProducts} products, at most ${search.mostUnits}, 19 of 20`,
    search.units,
    budgets.search.units,
    String,
  ),
  row(
    `CPU of a search there, of an instance's first ${milliseconds(search.firstCpuMs)}, 19 of 20`,
    search.cpuMs,
    budgets.search.cpuMs,
    milliseconds,
  ),
  row(`POST /orders to confirmed, median of ${costs.orders}`, costs.confirmedMs, budgets.confirmedMs, milliseconds),
  row(
    `CPU per order, functions and consumers (${costs.functionsCpuMs.toFixed(0)} ms), against a monolith's ${monolithCpuMs} ms`,
    costs.functionsCpuMs / monolithCpuMs,
    budgets.cpuRatio,
    times,
  ),
]

const width = Math.max(...rows.map(({ name }) => name.length))
console.log()
for (const { name, measured, budget, ok } of rows)
  console.log(
    `${ok ? styled('green', '✓') : styled('red', '✗')} ${name.padEnd(width)}  ${measured.padStart(8)}  ${styled('dim', `of ${budget}`)}`,
  )
console.log(
  styled(
    'dim',
    `  beside it, ${costs.cloudCpuMs.toFixed(0)} ms per order of the local cloud, which stands for AWS, and of the client`,
  ),
)
const over = rows.filter(({ ok }) => !ok)
if (over.length > 0) console.log(styled('red', `\nover budget: ${over.map(({ name }) => name).join('; ')}`))
process.exitCode = over.length > 0 ? 1 : 0
