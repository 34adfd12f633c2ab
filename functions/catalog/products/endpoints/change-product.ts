import type { Request } from '../../../../shared/runtime/request.ts'
import { notFound } from '../../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../../shared/runtime/serve-staff.ts'
import { endpoints } from '../../contract.ts'
import * as parts from '../../parts.ts'
import { bodyIn } from '../descriptions/html.ts'
import { altsOf, keptAlts, type Product, renamed } from '../domain.ts'
import { updateProduct as change, htmlTooLong } from '../update-product.ts'
import { answerOf } from '../view.ts'

type Given = Request<typeof endpoints.changeProduct>['body']

/** What the body leaves out stays as it is. Texts of images go with their images. */
const changed = (product: Product, given: Given, words: Partial<Product>): Product => {
  const { slug = product.slug, images = product.images, imageAlts } = given
  return {
    ...renamed(product, slug),
    title: given.title ?? product.title,
    ...words,
    category: given.category ?? product.category,
    moreCategories: given.moreCategories ?? product.moreCategories,
    tags: given.tags ?? product.tags,
    images,
    imageAlts: keptAlts(imageAlts ?? altsOf(product, images)),
    vendor: given.vendor ?? product.vendor,
    seo: given.seo ?? product.seo,
    state: given.state ?? product.state,
  }
}

/** HTML is made safe here, at the door. What is archived can be changed only by a request that brings it back. */
export const handler = serveStaff(
  endpoints.changeProduct,
  { catalog: parts.catalog },
  async function changeProduct({ params: { productId }, body, ifMatch }, { catalog }) {
    const words = bodyIn(body)
    if (words === 'too-long') return htmlTooLong()
    const outcome = await change(catalog, productId, { ifMatch, archivedToo: true }, (product) =>
      product.state === 'archived' && (body.state ?? 'archived') === 'archived'
        ? notFound('product')
        : changed(product, body, words ?? {}),
    )
    return 'problem' in outcome ? outcome : answerOf(outcome)
  },
)
