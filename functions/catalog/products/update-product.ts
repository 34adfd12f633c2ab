/** Reads a product, changes it by a pure rule, and writes it with its events: the one path on which products change. */

import type { Money } from '../../../shared/contract/schema.ts'
import type { IdempotencyKey } from '../../../shared/runtime/idempotency.ts'
import { type NewEvent, newEvent } from '../../../shared/runtime/outbox.ts'
import type { IfMatch } from '../../../shared/runtime/preconditions.ts'
import { retryOnConflict } from '../../../shared/runtime/retry-on-conflict.ts'
import { isStale, notFound, type Problem, problem, staleVersion } from '../../../shared/runtime/serve.ts'
import { productArchived, productCreated, productUpdated } from '../../published/catalog.ts'
import type { Product, Shown } from './domain.ts'
import { maxHtml } from './fields.ts'
import type { CatalogTable } from './table.ts'

export const skusOf = ({ variants }: Product): string[] => variants.map(({ sku }) => sku)

const priceProblem = (currency: string, pointer: string): Problem<'INVALID_INPUT'> => {
  const detail = `This shop sells in ${currency} only.`
  return problem('INVALID_INPUT', detail, { errors: [{ pointer, code: 'invalid_value', detail }] })
}

type Prices = { price?: Money | undefined; compareAtPrice?: Money | null | undefined }

/** @param at pointer to what has the prices */
export const foreignPrice = (
  { price, compareAtPrice }: Prices,
  currency: string,
  at = '',
): Problem<'INVALID_INPUT'> | undefined => {
  if (price && price.currency !== currency) return priceProblem(currency, `${at}/price/currency`)
  if (compareAtPrice && compareAtPrice.currency !== currency)
    return priceProblem(currency, `${at}/compareAtPrice/currency`)
  return undefined
}

export const skuTaken = (): Problem<'SKU_TAKEN'> =>
  problem('SKU_TAKEN', 'A SKU of these belongs to a product already; capitals make no other SKU.')

export const slugTaken = (slug: string): Problem<'SLUG_TAKEN'> =>
  problem('SLUG_TAKEN', `Another product is called ${slug}.`)

export const tooManyChanges = (): Problem<'TOO_MANY_CHANGES'> =>
  problem(
    'TOO_MANY_CHANGES',
    'So many variants and categories cannot change at once: change fewer things in one request.',
  )

export const htmlTooLong = (): Problem<'INVALID_INPUT'> => {
  const detail = `At most ${maxHtml} characters, also after it is made safe.`
  return problem('INVALID_INPUT', detail, { errors: [{ pointer: '/descriptionHtml', code: 'too_big', detail }] })
}

/** @param reopened SKUs that came back, or were an archived product's */
const dataOf = (product: Product, reopened: readonly string[]) => ({
  productId: product.id,
  skus: skusOf(product),
  ...(reopened.length > 0 ? { reopened: [...reopened] } : {}),
})

export const creationEvents =
  (product: Product) =>
  (reopened: readonly string[]): NewEvent[] => [newEvent(productCreated, dataOf(product, reopened))]

/** What a change tells: that the product is no longer sold, or what it is now. */
export const changeEvents =
  (before: Product, product: Product) =>
  (reopened: readonly string[]): NewEvent[] => [
    product.state === 'archived' && before.state !== 'archived'
      ? newEvent(productArchived, dataOf(product, []))
      : newEvent(productUpdated, dataOf(product, reopened)),
  ]

type Refusal<Code extends string> = Problem<
  'NOT_FOUND' | 'STALE_VERSION' | 'SKU_TAKEN' | 'SLUG_TAKEN' | 'TOO_MANY_CHANGES' | Code
>

/**
 * @param rule gives the changed product, or why not
 * @param archivedToo also for what is archived, which nothing but its coming back can change
 * @returns the product as it was written
 * @throws AlreadyDoneError
 */
export const updateProduct = <Code extends string = never>(
  catalog: Pick<CatalogTable, 'get' | 'replace'>,
  productId: string,
  {
    ifMatch,
    idempotencyKey,
    archivedToo = false,
  }: { ifMatch: IfMatch; idempotencyKey?: IdempotencyKey | undefined; archivedToo?: boolean },
  rule: (product: Product) => Product | Problem<Code>,
): Promise<Shown | Refusal<Code>> =>
  retryOnConflict<Shown | Refusal<Code>>(async () => {
    const shown = await catalog.get(productId)
    if (!shown || (shown.product.state === 'archived' && !archivedToo)) return notFound('product')
    const { product: before, available } = shown
    if (isStale(ifMatch, before.version)) return staleVersion()
    const changed = rule(before)
    if ('problem' in changed) return changed
    const written = await catalog.replace(before, changed, changeEvents(before, changed), idempotencyKey)
    if (written === 'raced') return undefined
    if (written === 'SKU_TAKEN') return skuTaken()
    if (written === 'TOO_MANY_CHANGES') return tooManyChanges()
    return written === 'SLUG_TAKEN' ? slugTaken(changed.slug) : { product: written, available }
  })
