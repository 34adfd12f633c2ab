/**
 * | item or index | pk | sk | answers |
 * |---|---|---|---|
 * | an import and how far it is | `import#<importId>` | `import` | read, go on |
 * | up to 25 entries of its report | `import#<importId>` | `entries#<step>#<page>` | the report, in the file's order |
 * | a product of its file that variations may come for | `import#<importId>` | `parent#<name>` | variations later in the file |
 * | gsi2 | `imports` | `<createdAt>#<importId>` | all imports, newest first |
 *
 * All of it is tidied up after 90 days.
 */
import * as z from 'zod/mini'
import { slicesOf } from '../../../shared/domain/slices.ts'
import { isoTime, now } from '../../../shared/runtime/clock.ts'
import type { IdempotencyKey } from '../../../shared/runtime/idempotency.ts'
import { newEvent, nextVersion } from '../../../shared/runtime/outbox.ts'
import { parseEach } from '../../../shared/runtime/parse-each.ts'
import { type Item, notThere, type Table, versionIs } from '../../../shared/runtime/table.ts'
import { importContinued, importStockCounted } from '../../published/catalog.ts'
import { cut, fingerprint } from '../products/slug.ts'
import { Format, ImportState, ReportEntry } from './contract.ts'
import type { Entry, ImportedProduct } from './formats/imported.ts'
import type { Count } from './import/plan-variants.ts'

const StoredImport = z.object({
  id: z.string(),
  format: Format,
  dryRun: z.boolean(),
  /** Quantities are counted in the inventory. */
  stock: z.optional(z.literal(true)),
  state: ImportState,
  reason: z.optional(z.string()),
  /** Known once the file is there. */
  totalBytes: z.optional(z.int()),
  /** Of the file: it must stay the one that was begun with. */
  etag: z.optional(z.string()),
  position: z.object({
    offset: z.int(),
    line: z.int(),
    columns: z.optional(z.array(z.string())),
    delimiter: z.optional(z.string()),
  }),
  steps: z.int(),
  rows: z.int(),
  products: z.object({ created: z.int(), changed: z.int(), unchanged: z.int(), failed: z.int() }),
  entries: z.int(),
  createdAt: z.string(),
  updatedAt: z.string(),
  version: z.int(),
  sequence: z.int(),
})
export type Import = z.infer<typeof StoredImport>

const StoredEntries = z.object({ entries: z.array(z.object(ReportEntry.shape)) })

const StoredParent = z.object({
  name: z.string(),
  product: z.object({
    line: z.int(),
    name: z.string(),
    slug: z.string(),
    bySku: z.optional(z.literal(true)),
    firstCategoryOnly: z.optional(z.literal(true)),
    state: z.optional(z.enum(['draft', 'active'])),
    vendor: z.optional(z.string()),
    weightGrams: z.optional(z.int()),
    title: z.optional(z.string()),
    body: z.optional(z.object({ description: z.string(), descriptionHtml: z.optional(z.string()) })),
    categories: z.optional(z.array(z.array(z.string()))),
    tags: z.optional(z.array(z.string())),
    images: z.optional(z.array(z.string())),
  }),
})
export type Parent = Omit<ImportedProduct, 'variants'>

const partitionOf = (importId: string) => `import#${importId}`
/** What a cursor of a report must point into. */
export const reportPartition = (importId: string): Record<string, string> => ({ pk: partitionOf(importId) })
const keyOf = (importId: string) => ({ pk: partitionOf(importId), sk: 'import' })
const parentKeyOf = (importId: string, name: string) => ({
  pk: partitionOf(importId),
  // A sort key has at most 1,024 bytes.
  sk: `parent#${name.length <= 200 ? name : `${cut(name, 200)}#${fingerprint(name)}`}`,
})

const keptSeconds = 90 * 24 * 60 * 60
const entriesPerItem = 25
/** Items of entries that are shown at once: together at most 100 entries. */
const itemsPerPage = 4
/** Of up to 120 KB each, so that a write stays below 4 MB. */
const parentsPerWrite = 30

export const listPartition = { gsi2pk: 'imports' }

export const transferTable = (table: Table) => {
  const expiresAt = (): number => Math.floor(now() / 1000) + keptSeconds
  /**
   * @param goesOn whoever works files off is told, by the same write: so no import is ever left lying
   * @param levels are told first, so that the newest event is the one that goes on
   */
  const itemOf = (one: Import, goesOn: boolean, levels: readonly Count[] = []) => ({
    ...one,
    ...keyOf(one.id),
    gsi2pk: 'imports',
    gsi2sk: `${one.createdAt}#${one.id}`,
    updatedAt: isoTime(now()),
    expiresAt: expiresAt(),
    ...nextVersion(one.id, one, [
      ...(levels.length > 0 ? [newEvent(importStockCounted, { importId: one.id, levels: [...levels] })] : []),
      ...(goesOn ? [newEvent(importContinued, { importId: one.id })] : []),
    ]),
  })

  return {
    async get(importId: string): Promise<Import | undefined> {
      const item = await table.get(keyOf(importId))
      return item && StoredImport.parse(item)
    },

    async list(limit: number, startKey: Item | undefined): Promise<{ imports: Import[]; lastKey: Item | undefined }> {
      const page = await table.query({ index: 'gsi2', pk: 'imports', backward: true, limit, startKey })
      return {
        imports: parseEach(page.items, (item) => StoredImport.parse(item), 'an import'),
        lastKey: page.lastKey,
      }
    },

    /** A page of an import's report, at most 100 entries. */
    async report(
      importId: string,
      startKey: Item | undefined,
    ): Promise<{ entries: Entry[]; lastKey: Item | undefined }> {
      const pk = partitionOf(importId)
      const page = await table.query({ pk, sk: { beginsWith: 'entries#' }, limit: itemsPerPage, startKey })
      return { entries: page.items.flatMap((item) => StoredEntries.parse(item).entries), lastKey: page.lastKey }
    },

    /** @throws AlreadyDoneError */
    async insert(one: Import, idempotencyKey: IdempotencyKey | undefined): Promise<Import> {
      const put = itemOf(one, one.state === 'running')
      await table.write([{ put, when: notThere, else: 'there' }], { idempotencyKey, resource: one.id })
      return StoredImport.parse(put)
    },

    /** Writes how far an import is, with what there is to report of this step. @returns undefined when another write came first */
    async save(
      one: Import,
      {
        entries = [],
        goesOn = false,
        levels = [],
      }: { entries?: readonly Entry[]; goesOn?: boolean; levels?: readonly Count[] } = {},
    ): Promise<Import | undefined> {
      const put = itemOf(one, goesOn, levels)
      const step = String(one.steps).padStart(6, '0')
      const pages = slicesOf(entries, entriesPerItem).map((part, page) => ({
        put: {
          pk: partitionOf(one.id),
          sk: `entries#${step}#${String(page).padStart(4, '0')}`,
          entries: part,
          expiresAt: expiresAt(),
        },
      }))
      const written = await table.write([{ put, when: versionIs(one.version), else: 'raced' }, ...pages])
      return written.ok ? StoredImport.parse(put) : undefined
    },

    /** Keeps what a file says of products whose variations may come later. Repeated, it changes nothing. */
    async keepParents(importId: string, parents: readonly { name: string; product: Parent }[]): Promise<void> {
      const items = new Map(parents.map((parent) => [parent.name, parent]))
      for (const part of slicesOf([...items.values()], parentsPerWrite))
        await table.write(
          part.map(({ name, product }) => ({
            put: { ...parentKeyOf(importId, name), name, product, expiresAt: expiresAt() },
          })),
        )
    },

    async parents(importId: string, names: readonly string[]): Promise<Map<string, Parent>> {
      const found = new Map<string, Parent>()
      for (const part of slicesOf([...new Set(names)], 100))
        for (const item of await table.batchGet(part.map((name) => parentKeyOf(importId, name)))) {
          const { name, product } = StoredParent.parse(item)
          found.set(name, {
            ...product,
            body: product.body && { ...product.body, descriptionHtml: product.body.descriptionHtml },
          })
        }
      return found
    },
  }
}

export type TransferTable = ReturnType<typeof transferTable>
