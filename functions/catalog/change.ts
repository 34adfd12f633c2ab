/** Reads a product, changes it by a pure rule, and writes it with its events: the one path on which products change. */

import type { Once } from '../../shared/runtime/idempotency.ts'
import { fact } from '../../shared/runtime/outbox.ts'
import type { IfMatch } from '../../shared/runtime/preconditions.ts'
import { repeated } from '../../shared/runtime/repeated.ts'
import { isStale, notFound, type Problem, problem, staleVersion } from '../../shared/runtime/serve.ts'
import type { Product, Shown } from './domain.ts'
import { productUpdated } from './events.ts'
import { maxHtml } from './fields.ts'
import type { CatalogTable } from './table.ts'

export const skusOf = ({ variants }: Product): string[] => variants.map(({ sku }) => sku)

export const priceProblem = (currency: string, pointer: string): Problem<'INVALID_INPUT'> => {
  const detail = `This shop sells in ${currency} only.`
  return problem('INVALID_INPUT', detail, { errors: [{ pointer, code: 'invalid_value', detail }] })
}

export const skuTaken = (): Problem<'SKU_TAKEN'> => problem('SKU_TAKEN', 'A SKU of these belongs to a product already.')

export const htmlTooLong = (): Problem<'INVALID_INPUT'> => {
  const detail = `At most ${maxHtml} characters, also after it is made safe.`
  return problem('INVALID_INPUT', detail, { errors: [{ pointer: '/descriptionHtml', code: 'too_big', detail }] })
}

type Refusal<Code extends string> = Problem<'NOT_FOUND' | 'STALE_VERSION' | 'SKU_TAKEN' | Code>

/**
 * @param rule gives the changed product, or why not
 * @returns the product as it was written
 * @throws AlreadyDoneError
 */
export const changeProduct = <Code extends string = never>(
  catalog: Pick<CatalogTable, 'get' | 'replace'>,
  productId: string,
  { ifMatch, once }: { ifMatch: IfMatch; once?: Once | undefined },
  rule: (product: Product) => Product | Problem<Code>,
): Promise<Shown | Refusal<Code>> =>
  repeated<Shown | Refusal<Code>>(async () => {
    const shown = await catalog.get(productId)
    if (!shown || shown.product.archived) return notFound('product')
    const { product: before, available } = shown
    if (isStale(ifMatch, before.version)) return staleVersion()
    const changed = rule(before)
    if ('problem' in changed) return changed
    const facts = [fact(productUpdated, { productId, skus: skusOf(changed) })]
    const written = await catalog.replace(before, changed, facts, once)
    if (written === 'raced') return undefined
    return written === 'SKU_TAKEN' ? skuTaken() : { product: written, available }
  })
