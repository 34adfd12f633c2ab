import { isoTime, newId, now } from '../../../../shared/runtime/clock.ts'
import type { Request } from '../../../../shared/runtime/request.ts'
import { notFound, type Problem, problem } from '../../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../../shared/runtime/serve-staff.ts'
import { endpoints } from '../../contract.ts'
import * as parts from '../../parts.ts'
import { bodyIn } from '../descriptions/html.ts'
import { keptAlts, type Product, variantOf } from '../domain.ts'
import { slugOf } from '../slug.ts'
import { creationEvents, foreignPrice, htmlTooLong, skuTaken, slugTaken, tooManyChanges } from '../update-product.ts'
import { clashesIn } from '../variants.ts'
import { answerOf } from '../view.ts'

type Given = Request<typeof endpoints.createProduct>['body']

/** Variants that nobody could tell apart. */
const clashProblem = ({ variants }: Given): Problem<'INVALID_INPUT'> | undefined => {
  const errors = clashesIn(variants.map(variantOf)).map(({ what, first, second }) =>
    what === 'sku'
      ? {
          pointer: '/variants',
          code: 'not_unique',
          detail: `The SKU ${variants[second]?.sku} stands twice; capitals make no other SKU.`,
        }
      : {
          pointer: `/variants/${second}/options`,
          code: 'not_unique',
          detail: `The variant at ${first} has the same options.`,
        },
  )
  const [clash] = errors
  return clash && problem('INVALID_INPUT', clash.detail, { errors: errors.slice(0, 20) })
}

/** The end of an id, for a slug that is not to be anyone else's. */
const endOf = (id: string): string => id.slice(-6).toLowerCase()

/**
 * Product and SKUs and slug and category change together or not at all. A slug that follows from the title gets an end of
 * its own where another product has it: titles may differ by signs that addresses do not have.
 */
export const handler = serveStaff(
  endpoints.createProduct,
  { table: parts.table, catalog: parts.catalog, currency: parts.currency },
  async function createProduct({ body, idempotencyKey, replayOf }, { catalog, currency }) {
    if (replayOf) {
      const known = await catalog.get(replayOf)
      return known ? { ...answerOf(known), location: `/products/${known.product.id}` } : notFound('product')
    }
    const wrong =
      body.variants.flatMap((variant, index) => foreignPrice(variant, currency, `/variants/${index}`) ?? [])[0] ??
      clashProblem(body)
    if (wrong) return wrong
    // HTML is made safe at the door.
    const words = bodyIn(body) ?? { description: '' }
    if (words === 'too-long') return htmlTooLong()
    const id = newId('prd')
    const derived = slugOf(body.title)
    const product: Product = {
      id,
      slug: body.slug ?? (derived || id.toLowerCase().replace('_', '-')),
      title: body.title,
      ...words,
      category: body.category,
      moreCategories: body.moreCategories,
      tags: body.tags ?? [],
      images: body.images ?? [],
      imageAlts: keptAlts(body.imageAlts),
      vendor: body.vendor,
      seo: body.seo,
      variants: body.variants.map(variantOf),
      availability: {},
      createdAt: isoTime(now()),
      state: body.state ?? 'active',
      version: 0,
      sequence: 0,
    }
    const insert = (one: Product) => catalog.insert(one, creationEvents(one), idempotencyKey)
    const first = await insert(product)
    const written =
      first === 'SLUG_TAKEN' && body.slug === undefined
        ? await insert({ ...product, slug: `${product.slug}-${endOf(id)}` })
        : first
    if (written === 'raced') throw new Error('an id was given twice')
    if (written === 'SKU_TAKEN') return skuTaken()
    if (written === 'TOO_MANY_CHANGES') return tooManyChanges()
    if (written === 'SLUG_TAKEN') return slugTaken(product.slug)
    return { ...answerOf({ product: written, available: {} }), location: `/products/${id}` }
  },
)
