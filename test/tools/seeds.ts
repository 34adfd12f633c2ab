/** `npm run seeds`: every property test with other seeds, one after the other. Exit status 1 where one fails. */
import { spawnSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../../cdk/constructs/project.ts'
import { styled, withProgress } from '../../cdk/operate/command-line/console.ts'
import { commandLine, misused, wholeNumber } from './command-line.ts'

const usage = `npm run seeds -- [options] [words]   runs the property tests with one seed after the other

  --count N   so many seeds (default 20)
  --from N    the first of them (default: the number of today's day, so that every night tries others)
  --help      this text

  With words, only files whose path contains one of them.`

const dayOfEpoch = Math.floor(Date.now() / 86_400_000)

const run = async (): Promise<number> => {
  const { values, positionals: words } = commandLine(usage, {
    allowPositionals: true,
    options: {
      count: { type: 'string', default: '20' },
      from: { type: 'string', default: String(dayOfEpoch * 1000) },
    },
  })
  const count = wholeNumber('count', values.count, usage, 1)
  const from = wholeNumber('from', values.from, usage)
  const files = globSync('test/**/*.test.ts', { cwd: projectRoot })
    .filter((file) => readFileSync(join(projectRoot, file), 'utf8').includes('support/property.ts'))
    .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  // Without a name of a file the runner would take all there are.
  if (files.length === 0) misused(`no property test's path contains ${words.join(' or ')}`, usage)
  const failures: string[] = []
  await withProgress(`${files.length} files with property tests, ${count} seeds`, async (show) => {
    for (let seed = from; seed < from + count; seed += 1) {
      const { status, stdout } = spawnSync(process.execPath, ['test/run.ts', '--seed', String(seed), ...files], {
        cwd: projectRoot,
        encoding: 'utf8',
        maxBuffer: 1 << 28,
      })
      if (status !== 0) failures.push(stdout.slice(stdout.indexOf('failing tests:')))
      show(`${seed - from + 1} of ${count}${failures.length > 0 ? `, ${failures.length} failed` : ''}`)
      // Lets what is shown be drawn: the tests block this process.
      await new Promise((resolve) => setImmediate(resolve))
    }
  })
  for (const failure of failures) console.log(failure)
  console.log(
    failures.length === 0
      ? `${styled('green', '✓')} every property held with the seeds ${from} to ${from + count - 1}`
      : `${styled('red', '✗')} ${failures.length} of ${count} seeds failed`,
  )
  return failures.length === 0 ? 0 : 1
}

try {
  process.exitCode = await run()
} catch (error) {
  console.error(styled('red', error instanceof Error ? error.message : String(error)))
  process.exitCode = 2
}
