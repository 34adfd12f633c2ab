import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, describe, test } from 'node:test'
import { header } from '../tools/replay/invoices/csv.ts'

const folder = mkdtempSync(join(tmpdir(), 'replay-run-'))
after(() => rmSync(folder, { recursive: true }))

const run = async (...args: string[]) => {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../tools/replay/run.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [stdout, stderr, status] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise((resolve) => child.once('exit', resolve)),
  ])
  return { status, stdout, stderr }
}

const fileOf = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}

describe('replay, from the command line', () => {
  test('ends with status 2 and one line for a file in the wrong form, before any shop is started', async () => {
    const ragged = await run(fileOf('ragged.csv', `${header.join(',')}\n1,2,3\n`))
    assert.deepEqual({ status: ragged.status, stdout: ragged.stdout }, { status: 2, stdout: '' })
    assert.match(ragged.stderr, /^\S+ragged\.csv, line 2: 3 fields where there must be 8\n$/)
    const foreign = await run(fileOf('foreign.csv', 'a,b\n1,2\n'))
    assert.deepEqual({ status: foreign.status, stderr: foreign.stderr.split('\n').length }, { status: 2, stderr: 2 })
  })

  test('ends with status 2 for a file with nothing to replay, and says why', async () => {
    const file = fileOf('free.csv', `${header.join(',')}\n100001,10001,BELL,1,2011-01-03 09:00:00,0.00,,France\n`)
    const { status, stderr } = await run(file)
    assert.equal(status, 2)
    assert.match(stderr, /there is no invoice to replay; of 1 lines 1: no price \(given away\) \(line 2\)\n$/)
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
      const { status, stderr } = await run(...args)
      assert.equal(status, 2, args.join(' '))
      assert.match(stderr, message)
      assert.match(stderr, /npm run replay -- FILE/)
    }
  })

  test('ends with status 1 and one line where no shop answers', async () => {
    const file = join(import.meta.dirname, 'fixtures/invoices.csv')
    const { status, stderr } = await run(file, '--url', 'http://127.0.0.1:1')
    assert.equal(status, 1)
    assert.match(stderr, /^The replay broke off: POST \/auth\/login: connect ECONNREFUSED 127\.0\.0\.1:1\n$/)
  })
})
