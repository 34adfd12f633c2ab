/** The part of the contract that is about files: products taken in by the file, and given out. */
import * as z from 'zod/mini'
import { consumer, endpoint } from '../../../shared/contract/endpoint.ts'
import { Id, Page, PageQuery, Timestamp, Version } from '../../../shared/contract/schema.ts'
import { importContinued } from '../../published/catalog.ts'

const ImportId = Id('imp')

/** `shopify` and `woocommerce`: those shops' product CSV. `jsonl`: JSON lines, each as the body of `POST /products`. */
export const Format = z.enum(['shopify', 'woocommerce', 'jsonl'])
export type Format = z.infer<typeof Format>

export const ImportState = z.enum(['awaiting-upload', 'running', 'done', 'failed', 'cancelled'])

/** Characters of a file that comes in the request itself, which may have 256 KiB; a larger one is uploaded. */
const maxText = 200_000

/** Bytes of an uploaded file. */
export const maxUploadBytes = 256 * 1024 * 1024

/** So many entries of a report are kept; all are counted. */
export const maxEntries = 10_000

/** Something that a file says and the catalogue does not take as it stands. */
export const ReportEntry = z.strictObject({
  /** Of the file, from 1; within a cell of several lines, the row's first. */
  line: z.int(),
  /** An `error` left out the row or the product; a `note` only what it names. */
  severity: z.enum(['error', 'note']),
  code: z.string(),
  detail: z.string(),
  handle: z.optional(z.string()),
  sku: z.optional(z.string()),
})

const ImportSummary = z.strictObject({
  id: ImportId,
  format: Format,
  dryRun: z.boolean(),
  /** Quantities are counted in the inventory. */
  stock: z.boolean(),
  state: ImportState,
  /** Why it failed. */
  reason: z.optional(z.string()),
  bytes: z.strictObject({ read: z.int(), total: z.nullable(z.int()) }),
  rows: z.int(),
  /** What became of the file's products; in a dry run, what would. */
  products: z.strictObject({ created: z.int(), changed: z.int(), unchanged: z.int(), failed: z.int() }),
  entries: z.int(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
  version: Version,
})

export const Import = z.extend(ImportSummary, {
  report: Page(ReportEntry),
  /** While the file is awaited: send it as a form with these fields and, after them, `file`. */
  upload: z.optional(
    z.strictObject({ url: z.string(), fields: z.record(z.string(), z.string()), expiresAt: z.string() }),
  ),
})

const importPath = z.strictObject({ importId: ImportId })

export const transferEndpoints = {
  createImport: endpoint({
    method: 'POST',
    path: '/imports',
    caller: 'staff',
    idempotency: 'honoured',
    summary: 'Take products in by a file: given as text it starts at once, else the answer says where to upload it',
    body: z.strictObject({
      format: Format,
      dryRun: z.optional(z.boolean()),
      /** Count the file's quantities in the inventory, too: they are then what can be bought. */
      stock: z.optional(z.boolean()),
      text: z.optional(z.string().check(z.minLength(1), z.maxLength(maxText))),
      upload: z.optional(z.literal(true)),
    }),
    success: { status: 201, body: Import },
    problems: { NOT_FOUND: 404 },
    table: ['GetItem', 'PutItem'],
    uses: ['put-incoming'],
  }),
  startImport: endpoint({
    method: 'POST',
    path: '/imports/{importId}/start',
    caller: 'staff',
    summary: 'Begin with an uploaded file; asked again, it goes on where it stands',
    params: importPath,
    success: { status: 202, body: Import },
    problems: { NOT_UPLOADED: 409, IMPORT_ENDED: 409 },
    table: ['GetItem', 'PutItem'],
    uses: ['get-incoming'],
  }),
  readImport: endpoint({
    method: 'GET',
    path: '/imports/{importId}',
    caller: 'staff',
    summary: 'How far an import is, and its report page by page',
    params: importPath,
    query: z.strictObject({ cursor: PageQuery.cursor }),
    success: { status: 200, body: Import },
    table: ['GetItem', 'Query'],
  }),
  listImports: endpoint({
    method: 'GET',
    path: '/imports',
    caller: 'staff',
    summary: 'List imports, newest first',
    query: z.strictObject(PageQuery),
    success: { status: 200, body: Page(ImportSummary) },
    table: ['Query'],
  }),
  cancelImport: endpoint({
    method: 'POST',
    path: '/imports/{importId}/cancel',
    caller: 'staff',
    summary: 'Stop an import; what it has done stays',
    params: importPath,
    success: { status: 200, body: Import },
    problems: { IMPORT_ENDED: 409 },
    table: ['GetItem', 'PutItem'],
  }),
  exportProducts: endpoint({
    method: 'GET',
    path: '/exports/products',
    caller: 'staff',
    summary:
      'Give out all products as a file, oldest first; a `Link` header leads to the next part, where there is one',
    query: z.strictObject({ format: Format, cursor: PageQuery.cursor }),
    success: { status: 200, body: z.string(), contentType: ['text/csv', 'application/jsonl'] },
    table: ['Query'],
  }),
}

export const transferConsumers = {
  workOffImport: consumer({
    on: [importContinued],
    summary: "Work off the next part of an import's file",
    timeoutSeconds: 50,
    memoryMegabytes: 1024,
    table: ['GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem', 'DeleteItem'],
    uses: ['get-incoming'],
  }),
}
