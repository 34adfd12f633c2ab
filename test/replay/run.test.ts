import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { runCommand } from '../support/command/run.ts'
import { header } from '../tools/replay/invoices/csv.ts'

const folder = mkdtempSync(join(tmpdir(), 'replay-run-'))
after(() => rmSync(folder, { recursive: true }))

const run = (...words: string[]) => runCommand('test/tools/replay/run.ts', words)

const fileOf = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}

describe('replay, from the command line', () => {
  test('ends with status 2 and one line for a file in the wrong form, before any shop is started', async () => {
    const ragged = await run(fileOf('ragged.csv', `${header.join(',')}\n1,2,3\n`))
    assert.deepEqual({ status: ragged.status, output: ragged.output }, { status: 2, output: '' })
    assert.match(ragged.errors, /^\S+ragged\.csv, line 2: 3 fields where there must be 8\n$/)
    const foreign = await run(fileOf('foreign.csv', 'a,b\n1,2\n'))
    assert.deepEqual({ status: foreign.status, lines: foreign.errors.split('\n').length }, { status: 2, lines: 2 })
  })

  test('ends with status 2 for a file with nothing to replay, and says why', async () => {
    const file = fileOf('free.csv', `${header.join(',')}\n100001,10001,BELL,1,2011-01-03 09:00:00,0.00,,France\n`)
    const { status, errors } = await run(file)
    assert.equal(status, 2)
    assert.match(errors, /there is no invoice to replay; of 1 lines 1: no price \(given away\) \(line 2\)\n$/)
  })

  test('ends with status 2 and the usage for wrong options', async () => {
    const wrong: [string[], RegExp][] = [
      [[], /^name a file\n/],
      [['a.csv', 'b.csv'], /^name one file\n/],
      [['a.csv', '--concurrency', '0'], /^--concurrency takes a whole number from 1 to 64, not "0"\n/],
      [['a.csv', '--limit', 'all'], /^--limit takes a whole number/],
      [['a.csv', '--url', 'ftp://shop'], /^--url takes an address/],
      [['a.csv', '--fast'], /^Unknown option '--fast'/],
    ]
    for (const [args, message] of wrong) {
      const { status, errors } = await run(...args)
      assert.equal(status, 2, args.join(' '))
      assert.match(errors, message)
      assert.match(errors, /npm run replay -- FILE/)
    }
  })

  test('ends with status 1 and one line where no shop answers', async () => {
    const file = join(import.meta.dirname, 'fixtures/invoices.csv')
    const { status, errors } = await run(file, '--url', 'http://127.0.0.1:1')
    assert.equal(status, 1)
    assert.match(errors, /^The replay broke off: POST \/auth\/login: connect ECONNREFUSED 127\.0\.0\.1:1\n$/)
  })
})
