/** Reads the invoice lines of a CSV file, plain or gzipped, as a stream. Strict about its form, patient with its values. */
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { CsvError, parse } from 'csv-parse'

export const header = [
  'InvoiceNo',
  'StockCode',
  'Description',
  'Quantity',
  'InvoiceDate',
  'UnitPrice',
  'CustomerID',
  'Country',
] as const

/** One line of an invoice as the file has it, its values read. */
export type Row = {
  /** Where it ends in the file, counted from 1. */
  line: number
  invoice: string
  code: string
  description: string
  quantity: number
  /** `2010-12-01 09:37:00`, the shop's own time; sorts as text. */
  at: string
  /** The unit's price in hundredths of the main unit, rounded. */
  price: number
  /** Absent where the file names nobody. */
  customer: string | undefined
  country: string
}

/** A line whose values cannot be read. */
export type Unreadable = { line: number; unreadable: string }

/** The file as a whole cannot be used. The message is one line and names the file's line where there is one. */
export class FileError extends Error {
  override readonly name = 'FileError'
}

/** No line of this form is longer; a file of another kind should not fill the memory. Bytes. */
const longestLine = 64 * 1024

const isGzip = async (path: string): Promise<boolean> => {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0)
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b
  } finally {
    await file.close()
  }
}

const priceOf = (text: string): number | undefined =>
  /^-?\d{1,9}(\.\d{1,9})?$/.test(text) ? Math.round(Number(`${text}e2`)) : undefined

const isTime = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text.replace(' ', 'T')}Z`))

const rowOf = (line: number, values: readonly string[]): Row | Unreadable => {
  const [invoice = '', code = '', description = '', quantity = '', at = '', price = '', customer = '', country = ''] =
    values.map((value) => value.trim())
  const minor = priceOf(price)
  if (invoice === '') return { line, unreadable: 'no invoice number' }
  if (code === '') return { line, unreadable: 'no stock code' }
  // Written by a spreadsheet, whole numbers may carry a decimal zero.
  if (!/^-?\d{1,9}(\.0+)?$/.test(quantity)) return { line, unreadable: 'the quantity is no whole number' }
  if (!isTime(at)) return { line, unreadable: 'the date is not of the form 2010-12-01 09:37:00' }
  if (minor === undefined) return { line, unreadable: 'the price is no number' }
  return {
    line,
    invoice,
    code,
    description: description.replace(/\s+/g, ' '),
    quantity: Number(quantity),
    at,
    price: minor,
    customer: customer.replace(/\.0+$/, '') || undefined,
    country,
  }
}

const shown = (values: readonly string[]): string => values.join(',').slice(0, 200)

/** What csv-parse and zlib find wrong, as one line. */
const fileErrorOf = (path: string, error: unknown): FileError => {
  if (error instanceof FileError) return error
  const message = error instanceof Error ? error.message : String(error)
  if (!(error instanceof CsvError)) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    const known = { ENOENT: 'there is no such file', EISDIR: 'this is a folder', EACCES: 'it may not be read' }[code]
    const reason = known ?? (code.startsWith('Z_') ? `the gzip data is damaged (${message})` : message)
    return new FileError(`${path}: ${reason}`, { cause: error })
  }
  const line = Number(error.lines)
  const count = Array.isArray(error.record) ? error.record.length : 0
  const reason =
    error.code === 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH'
      ? `${count} fields where there must be ${header.length}`
      : message
  return new FileError(`${path}, line ${line}: ${reason}`, { cause: error })
}

/**
 * The lines of the file in its own order.
 * @throws FileError for what is no file, damaged gzip, a wrong header, a ragged row, an open quote
 */
export async function* readRows(path: string): AsyncGenerator<Row | Unreadable> {
  let isFirst = true
  try {
    const zipped = await isGzip(path)
    const source = createReadStream(path)
    const parser = parse({ bom: true, info: true, skip_empty_lines: true, max_record_size: longestLine })
    const steps = zipped ? [source, createGunzip(), parser] : [source, parser]
    // An error of any step arrives at the parser, and is thrown by the loop below.
    pipeline(steps, () => undefined)
    for await (const entry of parser) {
      const { record, info }: { record: string[]; info: { lines: number } } = entry
      if (!isFirst) yield rowOf(info.lines, record)
      else if (record.length !== header.length || header.some((name, index) => record[index] !== name))
        throw new FileError(`${path}, line 1: the header must be "${header.join(',')}", and is "${shown(record)}"`)
      isFirst = false
    }
  } catch (error) {
    throw fileErrorOf(path, error)
  }
  if (isFirst) throw new FileError(`${path}: the file is empty`)
}
