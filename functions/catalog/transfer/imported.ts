/** A product as a file tells of it, whichever format the file has. What a file does not say is absent. Pure. */
import type * as z from 'zod/mini'
import type { Money } from '../../../shared/contract/schema.ts'
import { slugOf } from '../domain.ts'
import type { Body } from '../html.ts'
import type { ReportEntry } from '../transfer-contract.ts'

export type Entry = z.infer<typeof ReportEntry>

export type ImportedVariant = {
  line: number
  /** Absent: derived from the product and the options. */
  sku?: string | undefined
  options?: Record<string, string> | undefined
  price?: Money | undefined
  weightGrams?: number | undefined
  /** An empty text: it has none. */
  image?: string | undefined
}

export type ImportedProduct = {
  /** Where it begins in the file. */
  line: number
  /** As the file names it, for the report. */
  name: string
  slug: string
  /** The format names no slug: the SKUs say which product it is, and the slug is for a new one. */
  bySku?: true | undefined
  title?: string | undefined
  body?: Body | undefined
  category?: string | undefined
  tags?: string[] | undefined
  images?: string[] | undefined
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

/** Collects what there is to say of one product. */
export type Report = {
  entries: Entry[]
  error(line: number, code: string, detail: string, sku?: string): undefined
  note(line: number, code: string, detail: string, sku?: string): undefined
}

const shortened = (text: string, max: number): string => (text.length > max ? `${text.slice(0, max - 1)}…` : text)

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

/** @returns the value as the shop keeps it; undefined, and an error in the report, when it may not be kept */
export const checked = <S extends z.ZodMiniType>(
  schema: S,
  value: unknown,
  report: Report,
  at: { line: number; column: string; sku?: string | undefined },
): z.output<S> | undefined => {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const code = issue?.code === 'too_big' ? 'FIELD_TOO_LONG' : 'INVALID_FIELD'
  return report.error(at.line, code, `${at.column}: ${issue?.message ?? 'not valid'}`, at.sku)
}

/** FNV-1a, 64 bits, in base 36: tells texts apart where no Latin letters are left of them. Nothing secret is in it. */
const fingerprint = (text: string): string => {
  let hash = 0xcbf29ce484222325n
  for (const byte of new TextEncoder().encode(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n)
  return hash.toString(36)
}

/** The same text always gives the same slug, whatever letters it has. */
export const slugFrom = (text: string): string => {
  if (text.length <= 100 && /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(text)) return text
  return slugOf(text) || `p-${fingerprint(text)}`
}

const maxSku = 64

/** The SKU of a variant that has none in the file: the same for the same product and options. */
export const derivedSku = (slug: string, options: Readonly<Record<string, string>>): string => {
  const values = Object.keys(options)
    .toSorted()
    .map((name) => slugFrom(options[name] ?? ''))
  const sku = [slug, ...values].join('-')
  return sku.length <= maxSku ? sku : `${sku.slice(0, maxSku - 14)}-${fingerprint(sku)}`.slice(0, maxSku)
}

/** A SKU may be written with signs that the shop's cannot have: they become hyphens. */
export const skuFrom = (text: string): string =>
  text
    .replace(/^'/, '')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+|-+$/g, '')
