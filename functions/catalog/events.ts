import * as z from 'zod/mini'
import { event } from '../../shared/contract/event.ts'
import { Id, Sku } from '../../shared/contract/schema.ts'

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
