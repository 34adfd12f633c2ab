import type { NewId } from '../../../shared/domain/ids.ts'
import { isoTime, type Now, newId, now } from '../../../shared/runtime/clock.ts'
import { fact } from '../../../shared/runtime/outbox.ts'
import { type Handle, notFound, problem, serve } from '../../../shared/runtime/serve.ts'
import { shopSettings } from '../../../shared/runtime/settings.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { htmlTooLong, priceProblem, skusOf, skuTaken } from '../change.ts'
import { endpoints } from '../contract.ts'
import { type Product, repeatedSkus, slugOf, variantOf } from '../domain.ts'
import { productCreated } from '../events.ts'
import { bodyIn } from '../html.ts'
import { type CatalogTable, catalogTable } from '../table.ts'
import { answerOf } from '../view.ts'

type Dependencies = { catalog: Pick<CatalogTable, 'get' | 'insert'>; currency: string; now: Now; newId: NewId }

/** Product and SKUs and slug and category change together or not at all. */
export const createProduct =
  ({ catalog, currency, now, newId }: Dependencies): Handle<typeof endpoints.createProduct> =>
  async ({ body, once, replayOf }) => {
    if (replayOf) {
      const known = await catalog.get(replayOf)
      return known ? { ...answerOf(known), location: `/products/${known.product.id}` } : notFound('product')
    }
    const foreign = body.variants.findIndex(({ price }) => price.currency !== currency)
    if (foreign >= 0) return priceProblem(currency, `/variants/${foreign}/price/currency`)
    const repeated = repeatedSkus(body.variants)
    if (repeated.length > 0) {
      const detail = `These SKUs stand twice: ${repeated.join(', ').slice(0, 200)}`
      return problem('INVALID_INPUT', detail, { errors: [{ pointer: '/variants', code: 'not_unique', detail }] })
    }
    // HTML is made safe at the door.
    const words = bodyIn(body) ?? { description: '' }
    if (words === 'too-long') return htmlTooLong()
    const id = newId('prd')
    const product: Product = {
      id,
      slug: body.slug ?? (slugOf(body.title) || id.toLowerCase().replace('_', '-')),
      title: body.title,
      ...words,
      category: body.category,
      tags: body.tags ?? [],
      images: body.images ?? [],
      variants: body.variants.map(variantOf),
      availability: {},
      createdAt: isoTime(now()),
      archived: false,
      version: 0,
      sequence: 0,
    }
    const facts = [fact(productCreated, { productId: id, skus: skusOf(product) })]
    const written = await catalog.insert(product, facts, once)
    if (written === 'SKU_TAKEN') return skuTaken()
    if (written === 'SLUG_TAKEN') return problem('SLUG_TAKEN', `Another product is called ${product.slug}.`)
    return { ...answerOf({ product: written, available: {} }), location: `/products/${id}` }
  }

export const handler = serve(
  endpoints.createProduct,
  () =>
    createProduct({
      catalog: catalogTable({ table: openTable(), now, newId }),
      currency: shopSettings().currency,
      now,
      newId,
    }),
  openTable,
)
