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
