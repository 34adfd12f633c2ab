/** A product as a file tells of it, whichever format the file has. What a file does not say is absent. Pure. */
import type * as z from 'zod/mini'
import type { Money } from '../../../../shared/contract/schema.ts'
import type { Body } from '../../products/descriptions/html.ts'
import { cut, fingerprint, slugFrom } from '../../products/slug.ts'
import type { ReportEntry } from '../contract.ts'

export type Entry = z.infer<typeof ReportEntry>

export type ImportedVariant = {
  line: number
  /** Absent: derived from the product and the options. */
  sku?: string | undefined
  options?: Record<string, string> | undefined
  /** Instead of options: their values, in the order of the product's own option names, which stood in an earlier row. */
  values?: string[] | undefined
  price?: Money | undefined
  /** null: it has none. */
  compareAtPrice?: Money | null | undefined
  weightGrams?: number | undefined
  /** An empty text: it has none. */
  image?: string | undefined
  /** An empty text: it has none. */
  barcode?: string | undefined
  /** What can be bought of it, in units. */
  units?: number | undefined
}

export type ImportedProduct = {
  /** Where it begins in the file. */
  line: number
  /** As the file names it, for the report. */
  name: string
  slug: string
  /** The format names no slug: the SKUs say which product it is, and the slug is for a new one. */
  bySku?: true | undefined
  /** More rows of a product that stood earlier in the file: they add to it, and say nothing of it themselves. */
  continues?: true | undefined
  state?: 'draft' | 'active' | undefined
  title?: string | undefined
  body?: Body | undefined
  /** Each from the root of its tree; the first is the one in which the product stands first of all. */
  categories?: string[][] | undefined
  /** The format has room for one category: others that the product has stay. */
  firstCategoryOnly?: true | undefined
  /** An empty text: it has none. */
  vendor?: string | undefined
  seo?: { title?: string | undefined; description?: string | undefined } | undefined
  tags?: string[] | undefined
  images?: string[] | undefined
  /** What the images show, in their order. */
  imageAlts?: string[] | undefined
  /** Of variants that say none themselves. */
  weightGrams?: number | undefined
  variants: ImportedVariant[]
}

/** What some rows give: at most one product, and what there is to say of them. */
export type Reading = { product?: ImportedProduct | undefined; entries: Entry[] }

/** Cells by the names of their columns; a file's capitals do not matter. */
export type Cells = {
  line: number
  /** Whether the file has such a column. */
  has(column: string): boolean
  /** The trimmed cell; empty without such a column. */
  get(column: string): string
}

/** Where in the file something stands, for the report. */
export type At = { line: number; sku?: string | undefined }

/** Collects what there is to say of one product. */
export type Report = {
  entries: Entry[]
  error(line: number, code: string, detail: string, sku?: string): undefined
  note(line: number, code: string, detail: string, sku?: string): undefined
}

const shortened = (text: string, max: number): string => {
  const whole = text.toWellFormed()
  return whole.length > max ? `${cut(whole, max - 1)}…` : whole
}

export const reportOf = (name: string): Report => {
  const entries: Entry[] = []
  const add = (severity: Entry['severity'], line: number, code: string, detail: string, sku: string | undefined) => {
    entries.push({
      line,
      severity,
      code,
      detail: shortened(detail, 300),
      ...(name ? { handle: shortened(name, 100) } : {}),
      ...(sku ? { sku: shortened(sku, 100) } : {}),
    })
    return undefined
  }
  return {
    entries,
    error: (line, code, detail, sku) => add('error', line, code, detail, sku),
    note: (line, code, detail, sku) => add('note', line, code, detail, sku),
  }
}

export const hasErrors = ({ entries }: Pick<Report, 'entries'>, from = 0): boolean =>
  entries.slice(from).some(({ severity }) => severity === 'error')

/** @returns the value as the shop keeps it; undefined, and an error in the report, when it may not be kept */
export const checked = <S extends z.ZodMiniType>(
  schema: S,
  value: unknown,
  report: Report,
  at: At & { column: string },
): z.output<S> | undefined => {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const code = issue?.code === 'too_big' ? 'FIELD_TOO_LONG' : 'INVALID_FIELD'
  return report.error(at.line, code, `${at.column}: ${issue?.message ?? 'not valid'}`, at.sku)
}

/** A text that fits: what is longer is cut, and that is noted. @param max UTF-16 units */
export const fitting = (text: string, max: number, report: Report, { line, sku, column }: At & { column: string }) => {
  const whole = text.toWellFormed().normalize('NFC').trim()
  if (whole.length <= max) return whole
  report.note(line, 'FIELD_CUT', `${column}: cut after ${max} characters.`, sku)
  return cut(whole, max).trim()
}

const maxSku = 64

/**
 * The SKU of a variant that has none in the file: the same for the same product and options, and another for others.
 */
export const derivedSku = (slug: string, options: Readonly<Record<string, string>>): string => {
  const pairs = Object.entries(options).toSorted(([a], [b]) => (a < b ? -1 : 1))
  const values = pairs.map(([, value]) => slugFrom(value))
  const isPlain = values.length < 2 || values.every((value) => !value.includes('-'))
  const sku = [slug, ...values, ...(isPlain ? [] : [fingerprint(JSON.stringify(pairs))])].join('-')
  return sku.length <= maxSku ? sku : `${cut(sku, maxSku - 9)}-${fingerprint(sku)}`
}

/** A SKU may be written with signs that the shop's cannot have: they become hyphens. Letters of all scripts are kept. */
export const skuFrom = (text: string): string =>
  text
    .replace(/^'/, '')
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N}._-]+/gu, '-')
    .replace(/^[^\p{L}\p{N}]+|-+$/gu, '')
