/** A piece of a file, taken apart: the products that are whole in it, and where the next piece begins. Pure. */
import { Buffer, isUtf8 } from 'node:buffer'
import { maxVariants } from '../../../published/catalog.ts'
import { cut } from '../../products/slug.ts'
import type { Format } from '../contract.ts'
import { csvRows, delimiterOf, nextLine, plainCell, type Row } from '../formats/csv.ts'
import type { Cells, Entry } from '../formats/imported.ts'
import { readJsonLine } from '../formats/jsonl.ts'
import type { Position } from '../formats/position.ts'
import { isSameShopifyProduct, readShopify, shopifyKey } from '../shopify/shopify.ts'
import { shopifyColumn, shopifyColumns } from '../shopify/shopify-columns.ts'
import { isSameWooProduct, readWooCommerce, type WooReading } from '../woocommerce/woocommerce.ts'
import { isWooColumn, wooColumn } from '../woocommerce/woocommerce-columns.ts'

/** Bytes read at once: far more than any product has. */
export const pieceBytes = 1024 * 1024

/** Rows, or variants of JSON lines, worked off at once: a piece of tiny ones takes no longer than others, and its event has room. */
const maxRows = 500

export type Piece = {
  readings: WooReading[]
  entries: Entry[]
  rows: number
  next: Position
}

const utf8Mark = Buffer.from([0xef, 0xbb, 0xbf])

type CsvFormat = Exclude<Format, 'jsonl'>

type Rows = [Cells, ...Cells[]]

/** What each format makes of its columns and rows. */
type Reader = {
  /** A column's name in small letters -> as the format is read here. */
  column: (name: string) => string
  isKnown: (column: string) => boolean
  /** Whether a row that follows is of the same product. */
  isSame: (first: Cells, next: Cells) => boolean
  /** What rows of one product have in common wherever they stand; undefined: only neighbours are. */
  key?: (first: Cells) => string
  read: (rows: Rows, currency: string) => WooReading
}

const formats: Readonly<Record<CsvFormat, Reader>> = {
  shopify: {
    column: shopifyColumn,
    isKnown: (column) => shopifyColumns.includes(column),
    isSame: isSameShopifyProduct,
    key: shopifyKey,
    read: readShopify,
  },
  woocommerce: { column: wooColumn, isKnown: isWooColumn, isSame: isSameWooProduct, read: readWooCommerce },
}

/** What a file must have for its format to be it. */
const neededColumn: Record<CsvFormat, string> = { shopify: 'handle', woocommerce: 'type' }

const maxColumns = 500

const cellsOf = (row: Row, columns: readonly string[]): Cells => {
  const places = new Map(columns.map((name, index) => [name, index]))
  return {
    line: row.line,
    has: (name) => places.has(name),
    get: (name) => plainCell(row.fields[places.get(name) ?? -1] ?? '').trim(),
  }
}

const problems = {
  ROW_TOO_LONG: 'The row does not end: a quotation mark is not closed, or it is too long.',
  INVALID_ENCODING: 'The row is not UTF-8; save the file as UTF-8.',
} as const

const problemEntry = (line: number, problem: keyof typeof problems): Entry => ({
  line,
  severity: 'error',
  code: problem,
  detail: problems[problem],
})

/** The header, read from the first row. @returns undefined when it is none of this format's */
const headerOf = (
  bytes: Buffer,
  format: CsvFormat,
  isLast: boolean,
): { row: Row; position: Position; ignored: string[] } | undefined => {
  const from = bytes.subarray(0, 3).equals(utf8Mark) ? 3 : 0
  const text = bytes.subarray(from)
  const delimiter = delimiterOf(text.toString('utf8', 0, Math.min(nextLine(text, 0), 100_000)))
  const [row] = csvRows(text, { isLast, line: 1, delimiter, limit: 1 })
  if (!row || row.problem || row.fields.length > maxColumns) return undefined
  const { column, isKnown } = formats[format]
  const columns = row.fields.map((name) => column(cut(name.trim().normalize('NFC').toLowerCase(), 100)))
  if (!columns.includes(neededColumn[format])) return undefined
  const ignored = row.fields.filter((name, index) => name.trim() !== '' && !isKnown(columns[index] ?? ''))
  return { row, position: { offset: from + row.end, line: 1 + row.lines, columns, delimiter }, ignored }
}

/** Every column that is not taken is named, in as many entries as that needs. */
const ignoredEntries = (ignored: readonly string[]): Entry[] => {
  const details: string[] = []
  for (const name of ignored.map((column) => cut(column.trim(), 100))) {
    const last = details.at(-1)
    if (last === undefined || last.length + name.length > 298) details.push(name)
    else details[details.length - 1] = `${last}, ${name}`
  }
  return details.map((detail) => ({ line: 1, severity: 'note', code: 'COLUMNS_IGNORED', detail }))
}

/** Rows in a row of one product each; the last may go on in the next piece. */
const grouped = (rows: readonly Cells[], isSame: Reader['isSame']): Rows[] => {
  const groups: Rows[] = []
  for (const row of rows) {
    const group = groups.at(-1)
    if (group && isSame(group[0], row)) group.push(row)
    else groups.push([row])
  }
  return groups
}

/** Groups of one product that stand apart, put together where the first of them stands. */
const gathered = (groups: readonly Rows[], key: Reader['key']): Rows[] => {
  if (!key) return [...groups]
  const products = new Map<string, Rows>()
  for (const [index, rows] of groups.entries()) {
    const name = key(rows[0]) || ` ${index}`
    const known = products.get(name)
    if (known) for (const row of rows) known.push(row)
    else products.set(name, [...rows])
  }
  return [...products.values()]
}

const csvPiece = (bytes: Buffer, format: CsvFormat, position: Position, isLast: boolean, currency: string): Piece => {
  const { isSame, key, read } = formats[format]
  const { columns = [], delimiter = ',', line, offset } = position
  const all = csvRows(bytes, { isLast, line, delimiter, limit: maxRows })
  const readToEnd = isLast && (all.at(-1)?.end ?? 0) === bytes.length
  const isFull = ({ problem, fields }: Row) => !problem && fields.some((field) => field.trim() !== '')
  const groups = grouped(
    all.filter(isFull).map((row) => cellsOf(row, columns)),
    isSame,
  )
  // A product that fills the whole piece is taken in parts: its rows say so of themselves.
  const open = readToEnd || groups.length < 2 ? undefined : groups.at(-1)
  const rows = open ? all.filter((row) => row.line < open[0].line) : all
  const last = rows.at(-1)
  return {
    readings: gathered(open ? groups.slice(0, -1) : groups, key).map((group) => read(group, currency)),
    entries: rows.flatMap((row) => (row.problem ? [problemEntry(row.line, row.problem)] : [])),
    rows: rows.filter((row) => row.problem || isFull(row)).length,
    next: { ...position, offset: offset + (last?.end ?? 0), line: last ? last.line + last.lines : line },
  }
}

const jsonPiece = (bytes: Buffer, position: Position, isLast: boolean, currency: string): Piece => {
  const mark = position.offset === 0 && bytes.subarray(0, 3).equals(utf8Mark) ? 3 : 0
  let [at, line, rows, variants] = [mark, position.line, 0, 0]
  const readings: WooReading[] = []
  const entries: Entry[] = []
  while (at < bytes.length && rows < maxRows && variants <= maxRows - maxVariants) {
    const end = nextLine(bytes, at)
    // A CR at the very end may be the first half of a CRLF.
    const isCutOff = end === bytes.length && bytes[end - 1] !== 0x0a
    if (isCutOff && !isLast && at > mark) break
    const text = bytes.toString('utf8', at, end).trim()
    if (text !== '') {
      if (isUtf8(bytes.subarray(at, end))) {
        const reading = readJsonLine(text, line, currency)
        readings.push(reading)
        variants += Math.min(maxVariants, reading.product?.variants.length ?? 0)
      } else entries.push(problemEntry(line, 'INVALID_ENCODING'))
      rows += 1
    }
    at = end
    line += 1
  }
  return { readings, entries, rows, next: { ...position, offset: position.offset + at, line } }
}

const isUtf16 = (bytes: Buffer): boolean =>
  (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)

/**
 * @param bytes of the file, from `position` on @param isLast nothing follows them
 * @returns why the file cannot be read at all, or the next products
 */
export const readPiece = (
  bytes: Buffer,
  { format, position, isLast, currency }: { format: Format; position: Position; isLast: boolean; currency: string },
): Piece | 'WRONG_ENCODING' | 'WRONG_FORMAT' => {
  if (position.offset === 0 && isUtf16(bytes)) return 'WRONG_ENCODING'
  if (format === 'jsonl') return jsonPiece(bytes, position, isLast, currency)
  if (position.columns) return csvPiece(bytes, format, position, isLast, currency)
  const header = headerOf(bytes, format, isLast)
  if (!header) return 'WRONG_FORMAT'
  const rest = csvPiece(bytes.subarray(header.position.offset), format, header.position, isLast, currency)
  return { ...rest, entries: [...ignoredEntries(header.ignored), ...rest.entries] }
}
