/** The commands for those who work on the shop: what they say of themselves, and of what they do not know. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { runCommand, runProcess } from './support/command/run.ts'

const files = ['run', ...['grants', 'seeds', 'benchmark/run', 'replay/run'].map((name) => `tools/${name}`)].map(
  (name) => `test/${name}.ts`,
)

for (const file of files)
  describe(file, () => {
    test('--help says how it is used, on the output, and ends well', async () => {
      const { status, output, errors } = await runProcess(file, ['--help'])
      assert.deepEqual({ status, errors }, { status: 0, errors: '' })
      assert.match(output, /^npm (test|run )/)
      assert.match(output, /--help +this text/)
    })

    test('what it does not know is said in one sentence, before how it is used', async () => {
      const { status, output, errors } = await runCommand(file, ['--moon'])
      assert.deepEqual({ status, output }, { status: 2, output: '' })
      assert.match(errors, /^Unknown option '--moon'\n\nnpm (test|run )/)
    })
  })

test('words that no property test has in its path run none', async () => {
  const { status, output, errors } = await runCommand('test/tools/seeds.ts', ['--count', '1', 'moon'])
  assert.deepEqual({ status, output }, { status: 2, output: '' })
  assert.match(errors, /^no property test's path contains moon\n/)
})

for (const [file, option, value] of [
  ['test/run.ts', 'seed', 'moon'],
  ['test/tools/seeds.ts', 'count', '0'],
  ['test/tools/benchmark/run.ts', 'rounds', '1.5'],
] as const)
  test(`${file} takes no --${option} ${value}`, async () => {
    const { status, errors } = await runCommand(file, [`--${option}`, value])
    assert.equal(status, 2)
    assert.match(errors, new RegExp(`^--${option} takes a whole number.*, not "${value}"\n`))
  })
