import type { Bucket } from '../../../../shared/runtime/bucket.ts'
import { now } from '../../../../shared/runtime/clock.ts'
import { consume } from '../../../../shared/runtime/consume.ts'
import * as parts from '../../parts.ts'
import type { CatalogTable } from '../../products/table.ts'
import { maxEntries, transferConsumers } from '../contract.ts'
import { fileKeyOf } from '../formats/file.ts'
import type { Entry, ImportedProduct } from '../formats/imported.ts'
import { pieceBytes, readPiece } from '../import/pieces.ts'
import type { Count } from '../import/plan-variants.ts'
import { workOff } from '../import/work-off.ts'
import * as transferParts from '../parts.ts'
import type { Import, Parent, TransferTable } from '../table.ts'
import type { WooReading } from '../woocommerce/woocommerce.ts'

/** Milliseconds after which no other piece is begun: one takes a few seconds, and the function has 50. */
const workMs = 20_000
/** Entries kept of one piece, so that they fit into one write; all are counted. */
const maxEntriesOfStep = 1000

type Parts = { imports: TransferTable; catalog: CatalogTable; files: Bucket; currency: string }

type Step = { after: Import; entries: Entry[]; levels: Count[] }

const failed = (one: Import, reason: string): Step => ({
  after: { ...one, state: 'failed', reason },
  entries: [],
  levels: [],
})

/** Said for each piece of the file, at its first line. */
const stockNotTaken = (line: number): Entry => ({
  line,
  severity: 'note',
  code: 'STOCK_NOT_TAKEN',
  detail: 'Quantities are taken where the import is asked to: `stock: true`.',
})

const orphan = ({ parent = '', variations = [] }: WooReading): Entry => ({
  line: variations[0]?.line ?? 0,
  severity: 'error',
  code: 'MISSING_PARENT',
  detail: 'Its parent is not in the file before it, or was left out.',
  handle: parent.slice(0, 100),
})

/** Brings variations together with their parents, of which some stood in earlier pieces. */
const withParents = async (
  imports: TransferTable,
  importId: string,
  readings: readonly WooReading[],
): Promise<{ products: ImportedProduct[]; entries: Entry[]; lost: number }> => {
  const kept = readings.flatMap(({ keepAs = [], product }) => {
    if (!product) return []
    const { variants: _, ...parent } = product
    return keepAs.map((name) => ({ name, product: parent }))
  })
  if (kept.length > 0) await imports.keepParents(importId, kept)
  const here = new Map<string, Parent>(kept.map(({ name, product }) => [name, product]))
  const elsewhere = readings.flatMap(({ parent }) => (parent === undefined || here.has(parent) ? [] : [parent]))
  const earlier = elsewhere.length > 0 ? await imports.parents(importId, elsewhere) : new Map<string, Parent>()
  const entries: Entry[] = []
  let lost = 0
  const products = readings.flatMap((reading): ImportedProduct[] => {
    for (const entry of reading.entries) entries.push(entry)
    const { product, keepAs, parent, variations } = reading
    // A parent without variations of its own waits for them.
    if (parent !== undefined && variations) {
      const known = here.get(parent) ?? earlier.get(parent)
      if (known) return [{ ...known, variants: variations }]
      entries.push(orphan(reading))
    }
    if (!product && reading.entries.some(({ severity }) => severity === 'error')) lost += 1
    return product && !(keepAs && product.variants.length === 0) ? [product] : []
  })
  return { products, entries, lost }
}

/** One piece of the file. */
const stepOf = async ({ imports, catalog, files, currency }: Parts, one: Import): Promise<Step> => {
  const { id, format, position, etag } = one
  const part = { fromByte: position.offset, maxBytes: pieceBytes, ...(etag === undefined ? {} : { etag }) }
  const file = await files.getRange(fileKeyOf(id), part)
  if (file === 'absent' || file === 'changed') return failed(one, `FILE_${file.toUpperCase()}`)
  if (file === 'past-end') return { after: { ...one, state: 'done' }, entries: [], levels: [] }
  const isLast = position.offset + file.bytes.length >= file.totalBytes
  const piece = readPiece(file.bytes, { format, position, isLast, currency })
  if (typeof piece === 'string') return failed(one, piece)
  const { products, entries, lost } = await withParents(imports, id, piece.readings)
  const { counts, entries: more, levels } = await workOff(catalog, products, one.dryRun)
  const ignored = levels.length > 0 && !one.stock ? [stockNotTaken(position.line)] : []
  const all = [...piece.entries, ...ignored, ...entries, ...more].toSorted((a, b) => a.line - b.line)
  return {
    after: {
      ...one,
      state: piece.next.offset >= file.totalBytes ? 'done' : 'running',
      totalBytes: file.totalBytes,
      etag: file.etag,
      position: piece.next,
      steps: one.steps + 1,
      rows: one.rows + piece.rows,
      products: {
        created: one.products.created + counts.created,
        changed: one.products.changed + counts.changed,
        unchanged: one.products.unchanged + counts.unchanged,
        failed: one.products.failed + counts.failed + lost,
      },
      entries: one.entries + all.length,
    },
    entries: all.slice(0, Math.max(0, Math.min(maxEntriesOfStep, maxEntries - one.entries))),
    levels: one.stock && !one.dryRun ? levels : [],
  }
}

/**
 * Piece by piece until time is up; then the last progress tells the next. Only the newest event counts: a late or repeated
 * one finds another in its place. Of two that work side by side, the one whose progress is written second stops, and what
 * it did changes nothing.
 */
export const handler = consume(
  transferConsumers.workOffImport,
  { imports: transferParts.imports, catalog: parts.catalog, files: transferParts.files, currency: parts.currency },
  async function workOffImport({ sequence, data: { importId } }, given) {
    const { imports } = given
    const until = now() + workMs
    let one = await imports.get(importId)
    while (one?.state === 'running' && one.sequence === sequence) {
      const { after, entries, levels } = await stepOf(given, one)
      // Levels are an event of their own, after which this one is no longer the newest: another goes on.
      const goesOn = after.state === 'running' && (now() > until || levels.length > 0)
      one = await imports.save(after, { entries, goesOn, levels })
    }
  },
)
