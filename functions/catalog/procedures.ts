import * as z from 'zod/mini'
import { procedure } from '../../shared/contract/endpoint.ts'
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
  table: ['Query', 'BatchGetItem', 'PutItem', 'DeleteItem'],
  timeoutSeconds: 50,
})
