import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { FileError, header, type Row, readRows, type Unreadable } from '../tools/replay/invoices/csv.ts'

const folder = mkdtempSync(join(tmpdir(), 'replay-csv-'))
after(() => rmSync(folder, { recursive: true }))

const head = header.join(',')
const good = '100001,10001,BELL,4,2011-01-03 09:00:00,12.50,501.0,United Kingdom'
const fixture = join(import.meta.dirname, 'fixtures/invoices.csv')

let files = 0
const fileOf = (content: string | Buffer): string => {
  const path = join(folder, `${++files}.csv`)
  writeFileSync(path, content)
  return path
}

const read = async (path: string): Promise<(Row | Unreadable)[]> => {
  const rows = []
  for await (const row of readRows(path)) rows.push(row)
  return rows
}

const readText = (content: string | Buffer) => read(fileOf(content))

const refuses = (path: string, message: RegExp) =>
  assert.rejects(read(path), (error: Error) => {
    assert.ok(error instanceof FileError, error.stack)
    assert.match(error.message, message)
    assert.ok(!error.message.includes('\n'), 'one line')
    return true
  })

const firstRow: Row = {
  line: 2,
  invoice: '100001',
  code: '10001',
  description: 'BELL',
  quantity: 4,
  at: '2011-01-03 09:00:00',
  price: 1250,
  customer: '501',
  country: 'United Kingdom',
}

describe('a file in the right form', () => {
  test('gives its lines with their values', async () => {
    assert.deepEqual(await readText(`${head}\n${good}\n`), [firstRow])
  })

  test('may begin with a BOM, end its lines with CRLF, and have no last line end', async () => {
    assert.deepEqual(await readText(`\ufeff${head}\r\n${good}\r\n`), [firstRow])
    assert.deepEqual(await readText(`${head}\r\n${good}`), [firstRow])
  })

  test('may be gzipped, which its content tells and not its name', async () => {
    assert.deepEqual(await readText(gzipSync(`${head}\n${good}\n`)), [firstRow])
    const whole = await read(fixture)
    assert.deepEqual(await readText(gzipSync(readFileSync(fixture))), whole)
    assert.equal(whole.length, 27)
  })

  test('may quote commas, quotes and line ends; spaces are tidied', async () => {
    const [row] = await readText(`${head}\n1, 2 ,"A ""B"",  C\nD",1,2011-01-03 09:00:00,1,,\n`)
    assert.deepEqual(row, {
      ...firstRow,
      line: 3,
      invoice: '1',
      code: '2',
      description: 'A "B", C D',
      quantity: 1,
      price: 100,
      customer: undefined,
      country: '',
    })
  })

  test('has prices of more than two decimals rounded, whatever binary fractions say', async () => {
    const price = async (text: string) => {
      const [row] = await readText(`${head}\n1,2,X,1,2011-01-03 09:00:00,${text},,\n`)
      return row && 'price' in row ? row.price : undefined
    }
    assert.equal(await price('1.005'), 101)
    assert.equal(await price('0.001'), 0)
    assert.equal(await price('-2.50'), -250)
    assert.equal(await price('1e3'), undefined)
  })
})

describe('a file in the wrong form is refused in one line that says where', () => {
  test('a wrong header', async () => {
    await refuses(fileOf('a,b,c\n1,2,3\n'), /line 1: the header must be "InvoiceNo,.*and is "a,b,c"/)
    await refuses(fileOf(`${good}\n`), /line 1: the header must be/)
    await refuses(fileOf(`${head},More\n`), /line 1: the header must be/)
  })

  test('a ragged row', async () => {
    await refuses(fileOf(`${head}\n${good}\n1,2,3\n`), /, line 3: 3 fields where there must be 8/)
    await refuses(fileOf(`${head}\r\n${good},9\r\n`), /, line 2: 9 fields where there must be 8/)
  })

  test('an open quote', () => refuses(fileOf(`${head}\n1,2,"X\n`), /, line 2: Quote Not Closed/))

  test('an endless line', () => refuses(fileOf('x'.repeat(200_000)), /, line 1: Max Record Size/))

  test('an empty file', () => refuses(fileOf(''), /: the file is empty/))

  test('damaged gzip', async () => {
    await refuses(fileOf(gzipSync(`${head}\n${good}\n`).subarray(0, 60)), /the gzip data is damaged/)
    await refuses(fileOf(Buffer.from([0x1f, 0x8b, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])), /the gzip data is damaged/)
  })

  test('no file, a folder', async () => {
    await refuses(join(folder, 'missing.csv'), /missing.csv: there is no such file/)
    await refuses(folder, /this is a folder/)
  })
})

describe('values that cannot be read', () => {
  const reasonFor = async (line: string) => {
    const [row] = await readText(`${head}\n${line}\n`)
    assert.ok(row && 'unreadable' in row, line)
    assert.equal(row.line, 2)
    return row.unreadable
  }

  test('give the line and a reason, and reading goes on', async () => {
    const at = '2011-01-03 09:00:00'
    assert.equal(await reasonFor(`,10001,X,1,${at},1,,`), 'no invoice number')
    assert.equal(await reasonFor(`1,,X,1,${at},1,,`), 'no stock code')
    assert.equal(await reasonFor(`1,2,X,1.5,${at},1,,`), 'the quantity is no whole number')
    assert.equal(await reasonFor(`1,2,X,1,3/1/2011,1,,`), 'the date is not of the form 2010-12-01 09:37:00')
    assert.equal(await reasonFor(`1,2,X,1,2011-13-41 09:00:00,1,,`), 'the date is not of the form 2010-12-01 09:37:00')
    assert.equal(await reasonFor(`1,2,X,1,${at},£1,,`), 'the price is no number')
    assert.equal((await readText(`${head}\n1,2,X,one,${at},1,,\n${good}\n`)).length, 2)
  })
})
