/** Sets one line or many, by one read, a call for prices, one for the stock, and one write: what both endpoints share. */
import { optionsAttribute } from '../../shared/domain/options.ts'
import type { Call } from '../../shared/runtime/call.ts'
import type { IfMatch } from '../../shared/runtime/preconditions.ts'
import { retryOnConflict } from '../../shared/runtime/retry-on-conflict.ts'
import { isStale, notFound, type Problem, problem, staleVersion } from '../../shared/runtime/serve.ts'
import type * as catalog from '../published/catalog.ts'
import { type Cart, isOpenTo, type Refusal, withLines } from './domain.ts'
import type { CartsTable } from './table.ts'
import { type AskLevels, answerOf } from './view.ts'

type Answer = ReturnType<typeof answerOf> | Problem<'NOT_FOUND' | 'STALE_VERSION' | Refusal>

export const setQuantities = async (
  { carts, quote, levelsOf }: { carts: CartsTable; quote: Call<typeof catalog.quote>; levelsOf: AskLevels },
  { cartId, ownerId, ifMatch }: { cartId: string; ownerId: string; ifMatch: IfMatch },
  items: readonly { sku: string; quantity: number }[],
): Promise<Answer> => {
  const skus = items.map(({ sku }) => sku)
  const [first, { variants }, known] = await Promise.all([carts.get(cartId), quote({ skus }), levelsOf(skus)])
  if (!isOpenTo(first, ownerId)) return notFound('cart')
  const priced = new Map(variants.map((variant) => [variant.sku, variant]))
  const lines = items.flatMap(({ sku, quantity }) => {
    const variant = priced.get(sku)
    if (!variant) return []
    const { title, options, unitPrice } = variant
    return [{ sku, title, ...optionsAttribute(options), quantity, unitPrice }]
  })
  if (lines.length < items.length) return notFound('variant')
  let cart: Cart | undefined = first
  return retryOnConflict(async () => {
    if (!isOpenTo(cart, ownerId)) return notFound('cart')
    if (isStale(ifMatch, cart.version)) return staleVersion()
    const changed = withLines(cart, lines)
    if (!changed.ok) return problem(changed.reason, changed.detail)
    const written = await carts.replace(changed.value)
    if (!written) cart = await carts.get(cartId)
    return written && answerOf(written, known)
  })
}
