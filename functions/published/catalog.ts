/** The published language of catalog: what may be asked of it and what it tells. */
import * as z from 'zod/mini'
import { procedure } from '../../shared/contract/endpoint.ts'
import { event } from '../../shared/contract/event.ts'
import { Id, Money, Sku } from '../../shared/contract/schema.ts'

/** What a variant costs now, and what an order must know of it. */
export const Quoted = z.strictObject({
  sku: Sku,
  productId: Id('prd'),
  title: z.string(),
  options: z.record(z.string(), z.string()),
  unitPrice: Money,
  weightGrams: z.int(),
})
export type Quoted = z.infer<typeof Quoted>

export const quote = procedure({
  service: 'catalog',
  name: 'quote',
  summary: 'Give the current prices of variants; those that are unknown or archived are left out',
  input: z.strictObject({ skus: z.array(Sku).check(z.minLength(1), z.maxLength(100)) }),
  output: z.strictObject({ variants: z.array(Quoted) }),
  table: ['BatchGetItem'],
})

const RebuildPlace = z.string().check(z.minLength(1), z.maxLength(2_000))

/** For whoever operates the shop: `npm run rebuild-search` calls it again and again until `next` is null. */
export const rebuildSearch = procedure({
  service: 'catalog',
  name: 'rebuild-search',
  summary: 'Write a part of the search index anew, from where the last part ended',
  input: z.strictObject({ from: z.optional(RebuildPlace) }),
  output: z.strictObject({ products: z.int(), next: z.nullable(RebuildPlace) }),
  table: ['Query', 'GetItem', 'BatchGetItem'],
  tables: { search: ['Query', 'BatchGetItem', 'PutItem'] },
  timeoutSeconds: 50,
})

/** A product's variants are bounded, so that it fits into one item, one event, and one transaction with its SKUs. */
export const maxVariants = 90

const Product = z.object({
  productId: Id('prd'),
  skus: z.array(Sku).check(z.maxLength(maxVariants)),
  /** Of these, the ones that another product had before, or that come back: whoever counts them tells their numbers again. */
  reopened: z.optional(z.array(Sku).check(z.maxLength(maxVariants))),
})

export const productCreated = event({
  service: 'catalog',
  type: 'product.created',
  schemaVersion: 1,
  summary: 'A product stands in the catalogue, with these variants; as a draft, if shoppers do not see it yet',
  data: Product,
})

export const productUpdated = event({
  service: 'catalog',
  type: 'product.updated',
  schemaVersion: 1,
  summary: 'A product or its variants have changed; these are all its variants now',
  data: Product,
})

export const productArchived = event({
  service: 'catalog',
  type: 'product.archived',
  schemaVersion: 1,
  summary: 'A product is no longer sold',
  data: Product,
})

/** Rows that are worked off at once, each with one variant at most. */
const maxLevels = 500

export const importStockCounted = event({
  service: 'catalog',
  type: 'import.stock-counted',
  schemaVersion: 1,
  summary: 'A file says how many of these variants can be bought: they are counted so, from now on',
  data: z.object({
    importId: Id('imp'),
    levels: z
      .array(z.object({ sku: Sku, quantity: z.int().check(z.minimum(0), z.maximum(1_000_000)) }))
      .check(z.maxLength(maxLevels)),
  }),
})

export const importContinued = event({
  service: 'catalog',
  type: 'import.continued',
  schemaVersion: 1,
  summary: "The next part of an import's file is to be worked off",
  data: z.object({ importId: Id('imp') }),
})
