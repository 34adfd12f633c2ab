/**
 * `npm test [-- words] [--seed N]`: runs all test files, or those whose path contains one of the words. With `--campaign`
 * (`npm run campaign`) those that take long instead: the largest crowds, everything hostile, and a year's invoices
 * in small.
 */
import { randomInt } from 'node:crypto'
import { globSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, relative } from 'node:path'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { projectRoot } from '../cdk/constructs/project.ts'
import { styled, withProgress } from '../cdk/operate/command-line/console.ts'
import { prepareAssembly } from '../cdk/operate/start/prepare.ts'
import { forgetUsed, neverRun, noteWholeRun } from './support/grants.ts'
import { concurrencyVariable, sharedAwsVariable, sharedShopVariable, startLocal } from './support/shop.ts'
import { commandLine, wholeNumber } from './tools/command-line.ts'

/** Milliseconds for one file: far above what any takes, a large file of invoices (REPLAY_FILE) included. */
const fileTimeoutMs = 30 * 60_000

const usage = `npm test -- [options] [words]   runs all test files, or those whose path contains one of the words

  --seed N         of the cases that property tests draw, as an earlier run printed it (default: another each time)
  --campaign       instead, the tests that take long (npm run campaign)
  --concurrency N  a shop under test runs so many functions at once, as a new AWS account does 10; others are throttled
  --help           this text

  Ends with 0, with 1 when a test failed or none was found, with 2 when an option makes no sense.`

const { values: options, positionals: words } = commandLine(usage, {
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: String(randomInt(999_999_999)) },
    campaign: { type: 'boolean', default: false },
    concurrency: { type: 'string' },
  },
})
/** Every property test draws its cases from it. */
const seed = String(wholeNumber('seed', options.seed, usage))
process.env.TEST_SEED = seed
if (options.campaign) process.env.TEST_CAMPAIGN = '1'
if (options.concurrency !== undefined)
  process.env[concurrencyVariable] = String(wholeNumber('concurrency', options.concurrency, usage, 1))

/** Files that only a campaign runs, and those that it runs on a larger scale. */
const isCampaign = (file: string): boolean => file.endsWith('.campaign.test.ts')
const growsWithCampaign = (file: string): boolean => /^test\/shop\/(contention|hostile)\.test\.ts$/.test(file)
const files = globSync('test/**/*.test.ts', { cwd: projectRoot })
  .filter((file) => (options.campaign ? isCampaign(file) || growsWithCampaign(file) : !isCampaign(file)))
  .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  .sort()
if (files.length === 0) {
  console.error(styled('red', `no test file's path contains ${words.join(' or ')}`))
  process.exit(1)
}

/** Made once here, so that test files running side by side find them in the cache. */
await withProgress('bundling the functions and synthesising the stacks', prepareAssembly)

/** Milliseconds that each file took. */
const durations = new Map<string, number>()
const counts = { passed: 0, failed: 0, skipped: 0 }
const began = performance.now()
const failed = new Set<string>()

/** Most tests of the whole shop can share one: starting it, and each of its functions, costs more than they do. */
const isWhole = words.length === 0 && !options.campaign
if (isWhole) forgetUsed()
const needsShop = files.some((file) => /^test\/(shop|browser)\//.test(file)) && !process.env.SHOP_URL
const shared = needsShop ? await withProgress('opening a shop to test', () => startLocal()) : undefined
if (shared)
  Object.assign(process.env, {
    [sharedShopVariable]: shared.cloud.url,
    [sharedAwsVariable]: shared.cloud.awsEndpoint,
  })

/**
 * These run one by one when the others are done, in this order: what looks at all of a shop's orders, what asks for all of the
 * machine, and what sends whatever can be sent, and may change a shop's settings.
 */
const alone = ['reconciliation', 'contention', 'hostile'].map((name) => `test/shop/${name}.test.ts`)

/** A file that waits (for a message to come again, for a process to start) leaves its core to another. */
const filesAtOnce = availableParallelism() + 1

/** Every file is a process: what one has compiled the next need not. */
process.env.NODE_COMPILE_CACHE ??= join(projectRoot, 'node_modules/.cache/compiled')

const runFiles = (some: readonly string[], concurrency: number): Promise<void> =>
  new Promise((resolve) => {
    if (some.length === 0) return resolve()
    const stream = run({
      files: some.map((file) => `${projectRoot}/${file}`),
      concurrency,
      timeout: fileTimeoutMs,
    })
    stream.on('test:pass', (event) => {
      if (event.details.type === 'suite') return
      if (event.skip === undefined || event.skip === false) counts.passed += 1
      else counts.skipped += 1
    })
    stream.on('test:fail', (event) => {
      if (event.details.type === 'suite') return
      counts.failed += 1
      if (event.file) failed.add(relative(projectRoot, event.file))
    })
    stream.on('test:complete', ({ file, name, details }) => {
      // The whole of a file is a test of its path.
      if (file === name) durations.set(relative(projectRoot, name), details.duration_ms)
    })
    stream.compose(new spec()).pipe(process.stdout, { end: false })
    stream.on('end', () => setImmediate(resolve))
  })

/** Those with a shop of their own take longest, also because a message that fails comes again later: they begin first. */
const takesLong = (file: string): boolean =>
  /^test\/(replay\/replay|operate\/dead-letters|simulation\/simulation|shop\/)/.test(file)
const together = files.filter((file) => !alone.includes(file))

await runFiles([...together.filter(takesLong), ...together.filter((file) => !takesLong(file))], filesAtOnce)
await runFiles(
  alone.filter((file) => files.includes(file)),
  1,
)
await shared?.stop()
if (isWhole) noteWholeRun()
/** A function that no test of its service runs has no test, whatever stands in the files. */
const untested = isWhole ? neverRun() : []

const inSeconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`

const slowest = [...durations].toSorted(([, a], [, b]) => b - a).slice(0, 10)
if (files.length > slowest.length) {
  console.log(styled('dim', `the slowest of ${files.length} files:`))
  for (const [file, took] of slowest) console.log(styled('dim', `${inSeconds(took).padStart(8)}  ${file}`))
}
for (const file of failed) console.log(styled('red', `✗ ${file}`))
for (const name of untested) console.log(styled('red', `✗ ${name} was run by no test of its service`))
if (failed.size > 0) console.log(`again: npm test -- --seed ${seed} ${[...failed].join(' ')}`)
console.log(styled('dim', `${files.length} files in ${inSeconds(performance.now() - began)}, seed ${seed}`))
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
process.exitCode = counts.failed > 0 || counts.passed === 0 || untested.length > 0 ? 1 : 0
