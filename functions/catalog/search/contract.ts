/** The part of the contract that is about search: what may be asked, what is answered, and what keeps the index. */
import * as z from 'zod/mini'
import { projection } from '../../../shared/contract/endpoint.ts'
import { Money, Page, PageQuery, Sku, Text } from '../../../shared/contract/schema.ts'
import { maxTotal } from '../../../shared/domain/money.ts'
import { CategoryId, ProductId } from '../products/fields.ts'

export const orders = ['relevance', 'price', '-price', 'newest', 'rating'] as const

const maxOptionValues = 20

/**
 * `size:L,size:M,colour:blue`: by an option's name, the values that will do. A comma divides only where a name and a colon
 * follow, so `size:1,5 l` is one value. Undefined for anything else.
 *
 * @param given as the gateway hands on what was repeated, joined by commas; or one by one
 */
export const optionsIn = (given: string | readonly string[]): ReadonlyMap<string, readonly string[]> | undefined => {
  const text = typeof given === 'string' ? given : given.join(',')
  const parts = text.split(/,(?=[^,:]+:)/).map((part) => /^([^:]+):(.+)$/.exec(part.trim()))
  const options = new Map<string, string[]>()
  for (const part of parts) {
    const [, name, value] = part ?? []
    if (name === undefined || value === undefined) return undefined
    options.set(name, [...(options.get(name) ?? []), value])
  }
  return parts.length > maxOptionValues ? undefined : options
}

const maxNames = 50

/** `a,b,c`, each once. */
export const namesIn = (text: string | undefined): string[] => [
  ...new Set((text ?? '').split(',').flatMap((name) => name.trim() || [])),
]

const Names = (name: z.ZodMiniType<string, string>, what: string) =>
  z.string().check(
    z.maxLength(5_000),
    z.refine((text) => {
      const names = namesIn(text)
      return names.length > 0 && names.length <= maxNames && names.every((one) => name.safeParse(one).success)
    }, `1 to ${maxNames} ${what}, joined by commas`),
  )

const Price = z.coerce.number().check(z.int(), z.minimum(0), z.maximum(maxTotal))
const YesOrNo = z.enum(['true', 'false'])
const OptionText = z.string().check(z.maxLength(1_000))

export const SearchQuery = z.strictObject({
  ...PageQuery,
  /** Words that must all be there, in whichever form; of the last, its beginning is enough. */
  q: z.optional(Text(200, 0)),
  category: z.optional(CategoryId),
  /** For staff: products that shoppers do not see, newest first, without any other filter. */
  state: z.optional(z.enum(['draft', 'active', 'archived'])),
  /** Minor units; of the price that lists show (`priceFrom`), as `maxPrice`. */
  minPrice: z.optional(Price),
  maxPrice: z.optional(Price),
  /** `false` finds what is sold out. */
  inStock: z.optional(YesOrNo),
  /** `size:L`; repeated or joined by commas, values of one option are alternatives, and different options must all be there. */
  option: z.optional(
    z
      .union([OptionText, z.array(OptionText).check(z.maxLength(maxOptionValues))])
      .check(
        z.refine((given) => optionsIn(given) !== undefined, `Must be name:value, at most ${maxOptionValues} of them.`),
      ),
  ),
  /** By relevance where there are words, else the newest first. */
  sort: z.optional(z.enum(orders)),
  /** The products that these name, in this order, by themselves: with no other parameter but `skus`. */
  ids: z.optional(Names(ProductId, 'ids of products')),
  /** The same by SKUs; after those of `ids`. */
  skus: z.optional(Names(Sku, 'SKUs')),
  /** Counts come with the first page of a search, and with that of any list where they are asked for. */
  facets: z.optional(YesOrNo),
})

const Count = z.strictObject({ value: z.string(), count: z.int() })

export const Facets = z.strictObject({
  matches: z.int(),
  /** That every product was looked at, so that no number is only a lower bound: it always is. */
  exact: z.boolean(),
  categories: z.array(Count),
  price: z.optional(z.strictObject({ min: Money, max: Money })),
  stock: z.strictObject({ inStock: z.int(), soldOut: z.int() }),
  options: z.array(z.strictObject({ name: z.string(), values: z.array(Count) })),
})

export const SearchPage = <T extends z.ZodMiniType>(item: T) =>
  z.extend(Page(item), {
    facets: z.optional(Facets),
    /** Of what was asked for by name: what names no product that is sold. */
    missing: z.optional(z.strictObject({ ids: z.array(ProductId), skus: z.array(Sku) })),
  })

export const projections = {
  indexProducts: projection({
    of: 'product',
    summary: 'Keep the search index up to date with the products',
    table: ['GetItem'],
    tables: { search: ['BatchGetItem', 'PutItem'] },
    maxBatchingSeconds: 1,
  }),
}
