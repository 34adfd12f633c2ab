import * as z from 'zod/mini'
import { procedure } from '../../shared/contract/endpoint.ts'
import { Sku } from '../../shared/contract/schema.ts'

export const levels = procedure({
  service: 'inventory',
  name: 'levels',
  summary: 'Say how many of variants can be bought at this moment; those without a stock item are left out',
  input: z.strictObject({ skus: z.array(Sku).check(z.minLength(1), z.maxLength(100)) }),
  output: z.strictObject({
    levels: z.array(z.strictObject({ sku: Sku, available: z.int().check(z.minimum(0)) })).check(z.maxLength(100)),
  }),
  table: ['BatchGetItem'],
})
