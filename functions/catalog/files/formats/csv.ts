/**
 * Comma-separated values (RFC 4180), read piece by piece out of a file of any length: rows with the places where they stand
 * in bytes and lines, so that reading can go on at any of them. Written here, in 2 KB, since csv-parse (31 KB) tells the places
 * but does not go on after a broken row: told to skip it, it loses the sound row after `"x"y` and after one that is too long.
 * Lines end with LF, CRLF, or CR alone, as old spreadsheets for the Mac write them. Pure.
 */
import { type Buffer, isUtf8 } from 'node:buffer'

const [quote, newline, carriageReturn] = [0x22, 0x0a, 0x0d]

/** Bytes; a longer row is no product's. */
export const maxRowBytes = 256 * 1024

/** A row; `start` and `end` are bytes within the piece, `line` is the first of its lines. */
export type Row = {
  line: number
  start: number
  end: number
  /** Lines that it takes. */
  lines: number
  fields: string[]
  problem?: 'ROW_TOO_LONG' | 'INVALID_ENCODING'
}

/** Where a field ends, and what it says. */
type Field = { end: number; text: string }

const isBreak = (byte: number | undefined): boolean => byte === newline || byte === carriageReturn

const isEnd = (byte: number | undefined, delimiter: number): boolean =>
  byte === undefined || byte === delimiter || isBreak(byte)

/** The end of an unquoted stretch. */
const stretchEnd = (bytes: Buffer, from: number, delimiter: number): number => {
  let end = from
  while (!isEnd(bytes[end], delimiter)) end += 1
  return end
}

/** The closing quote; two in a row stand for one. @returns undefined when the piece ends before */
const closingQuote = (bytes: Buffer, from: number): number | undefined => {
  for (let at = bytes.indexOf(quote, from); at >= 0; at = bytes.indexOf(quote, at + 2))
    if (bytes[at + 1] !== quote) return at
  return undefined
}

/** Text after a closing quote belongs to the field, as spreadsheets have it. @returns undefined when the piece ends before */
const fieldAt = (bytes: Buffer, from: number, delimiter: number): Field | undefined => {
  if (bytes[from] !== quote) {
    const end = stretchEnd(bytes, from, delimiter)
    return { end, text: bytes.toString('utf8', from, end) }
  }
  const closing = closingQuote(bytes, from + 1)
  if (closing === undefined) return undefined
  const end = stretchEnd(bytes, closing + 1, delimiter)
  const quoted = bytes.toString('utf8', from + 1, closing).replaceAll('""', '"')
  return { end, text: quoted + bytes.toString('utf8', closing + 1, end) }
}

/** Just after a line break that begins here: CR and LF are one. */
const afterBreak = (bytes: Buffer, at: number): number =>
  bytes[at] === carriageReturn && bytes[at + 1] === newline ? at + 2 : at + 1

/** Just after the next line break; the end of the piece without one. */
export const nextLine = (bytes: Buffer, from: number): number => {
  let at = from
  while (at < bytes.length && !isBreak(bytes[at])) at += 1
  return at < bytes.length ? afterBreak(bytes, at) : at
}

const linesIn = (bytes: Buffer, from: number, to: number): number => {
  let lines = 0
  for (let at = from; at < to; at = nextLine(bytes, at)) lines += 1
  return Math.max(1, lines)
}

const rowAt = (bytes: Buffer, start: number, line: number, delimiter: number): Row | undefined => {
  const fields: string[] = []
  for (let from = start; ; ) {
    const field = fieldAt(bytes, from, delimiter)
    if (!field || field.end - start > maxRowBytes) return undefined
    fields.push(field.text)
    if (bytes[field.end] !== delimiter) {
      const end = Math.min(bytes.length, afterBreak(bytes, field.end))
      const broken = isUtf8(bytes.subarray(start, end)) ? {} : { problem: 'INVALID_ENCODING' as const }
      return { line, start, end, lines: linesIn(bytes, start, end), fields, ...broken }
    }
    from = field.end + 1
  }
}

/** A row that never ends is given up at the end of its first line: what follows may be sound again. */
const tooLong = (bytes: Buffer, start: number, line: number): Row => ({
  line,
  start,
  end: nextLine(bytes, start),
  lines: 1,
  fields: [],
  problem: 'ROW_TOO_LONG',
})

/**
 * The whole rows of a piece of a file, at most `limit`. A row that goes on after the piece is left for the next.
 * @param isLast nothing follows the piece @param line number of its first line
 */
export const csvRows = (
  bytes: Buffer,
  { isLast, line, delimiter, limit }: { isLast: boolean; line: number; delimiter: string; limit: number },
): Row[] => {
  const rows: Row[] = []
  const separator = delimiter.charCodeAt(0)
  for (let [start, at] = [0, line]; start < bytes.length && rows.length < limit; ) {
    const found = rowAt(bytes, start, at, separator)
    // A CR at the very end may be the first half of a CRLF.
    const isCutOff = !found || (found.end === bytes.length && bytes[found.end - 1] !== newline)
    if (isCutOff && !isLast && bytes.length - start <= maxRowBytes) break
    const row = found ?? tooLong(bytes, start, at)
    rows.push(row)
    start = row.end
    at += row.lines
  }
  return rows
}

/** What a file separates its columns by, as its first line shows. */
export const delimiterOf = (firstLine: string): ',' | ';' | '\t' => {
  const count = (character: string) => firstLine.split(character).length
  if (count(';') > count(',')) return ';'
  return count('\t') > count(',') ? '\t' : ','
}

/** A spreadsheet runs a cell that begins so, as a formula (OWASP, CSV injection). */
const formula = /^'*[=+\-@\t\r\n＝＋－＠]/
const neutralised = /^'+[=+\-@\t\r\n＝＋－＠]/

/** One row, with its line break; formulas are made text by an apostrophe, which `plainCell` takes away. */
export const csvLine = (cells: readonly string[]): string =>
  `${cells
    .map((cell) => (formula.test(cell) ? `'${cell}` : cell))
    .map((cell) => (/[",;\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
    .join(',')}\r\n`

/** Undoes exactly what `csvLine` does against formulas. */
export const plainCell = (cell: string): string => (neutralised.test(cell) ? cell.slice(1) : cell)
