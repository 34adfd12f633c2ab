/** The commands for those who work on the shop, as processes: what they say of themselves, and of what they do not know. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, test } from 'node:test'
import { projectRoot } from '../cdk/constructs/project.ts'

const run = (file: string, ...options: string[]) =>
  spawnSync(process.execPath, ['run.mjs', file, ...options], { cwd: projectRoot, encoding: 'utf8', timeout: 60_000 })

const files = ['run', ...['grants', 'seeds', 'benchmark/run', 'replay/run'].map((name) => `tools/${name}`)].map(
  (name) => `test/${name}.ts`,
)

for (const file of files)
  describe(file, () => {
    test('--help says how it is used, on the output, and ends well', () => {
      const { status, stdout, stderr } = run(file, '--help')
      assert.deepEqual({ status, stderr }, { status: 0, stderr: '' })
      assert.match(stdout, /^npm (test|run )/)
      assert.match(stdout, /--help +this text/)
    })

    test('what it does not know is said in one sentence, before how it is used', () => {
      const { status, stdout, stderr } = run(file, '--moon')
      assert.deepEqual({ status, stdout }, { status: 2, stdout: '' })
      assert.match(stderr, /^Unknown option '--moon'\n\nnpm (test|run )/)
    })
  })

test('words that no property test has in its path run none', () => {
  const { status, stdout, stderr } = run('test/tools/seeds.ts', '--count', '1', 'moon')
  assert.deepEqual({ status, stdout }, { status: 2, stdout: '' })
  assert.match(stderr, /^no property test's path contains moon\n/)
})

for (const [file, option, value] of [
  ['test/run.ts', 'seed', 'moon'],
  ['test/tools/seeds.ts', 'count', '0'],
  ['test/tools/benchmark/run.ts', 'rounds', '1.5'],
] as const)
  test(`${file} takes no --${option} ${value}`, () => {
    const { status, stderr } = run(file, `--${option}`, value)
    assert.equal(status, 2)
    assert.match(stderr, new RegExp(`^--${option} takes a whole number.*, not "${value}"\n`))
  })
