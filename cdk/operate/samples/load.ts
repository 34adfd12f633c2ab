/** Puts the sample catalogue into a shop, through its public API as any client would. */
import { type ShopClient, ShopProblem } from '../../../functions/client.ts'
import { sampleProducts } from './catalogue.ts'
import { type SampleProduct, slugOf, variantsOf } from './product.ts'

export type LoadOptions = {
  /** As staff. */
  shop: ShopClient
  /** ISO 4217: the shop's. */
  currency: string
  /** Called after each product. */
  onProgress?: (done: number, total: number) => void
  products?: readonly SampleProduct[]
}

/** How many products were made, and how many were there. */
export type Loaded = { created: number; existing: number }

const concurrency = 8

/** Staff may have changed it since, under the same key or another: either way it is there, and stays as it is. */
const isThere = (status: number): boolean => status === 409 || status === 422

/**
 * Makes what is missing and receives its stock. A load that broke off is taken up again: requests carry keys that
 * follow from slug and SKU, and a SKU that has any stock history is left alone.
 * @throws Error naming the first request that the shop refused
 */
export const loadSamples = async (options: LoadOptions): Promise<Loaded> => {
  const { shop, currency, onProgress = () => {}, products = sampleProducts } = options

  const receive = async (sku: string, quantity: number, isNew: boolean): Promise<void> => {
    const params = { sku }
    if (!isNew) {
      const history = await shop.request('GET /stock/{sku}/history', { params, query: { limit: 1 } })
      if (history.ok && history.body.data.length > 0) return
    }
    const receipt = { params, key: `sample-stock-${sku}`, body: { quantity } }
    const answer = await shop.request('POST /stock/{sku}/receipts', receipt)
    // Another product may have taken the name, without this variant: then there is nothing to receive it for.
    if (answer.status === 404 && !isNew) return
    if (!answer.ok) throw new ShopProblem('POST /stock/{sku}/receipts', answer.status, answer.problem)
  }

  const load = async (product: SampleProduct): Promise<boolean> => {
    const slug = slugOf(product.title)
    const variants = variantsOf(product, currency)
    const answer = await shop.request('POST /products', {
      key: `sample-product-${slug}`,
      body: {
        title: product.title,
        slug,
        description: product.description,
        category: product.category,
        tags: [...product.tags],
        images: [`/pictures/${slug}.svg`],
        variants: variants.map(({ stock: _, ...variant }) => variant),
      },
    })
    const isNew = answer.ok && !answer.headers.has('idempotent-replayed')
    if (!answer.ok && !isThere(answer.status)) throw new ShopProblem('POST /products', answer.status, answer.problem)
    for (const { sku, stock } of variants) if (stock > 0) await receive(sku, stock, isNew)
    return isNew
  }

  // By name, which mixes the categories: those that are made at once seldom count up the same one.
  const waiting = products.toSorted((a, b) => (a.title < b.title ? -1 : 1))
  const loaded: Loaded = { created: 0, existing: 0 }
  const work = async (): Promise<void> => {
    for (let product = waiting.shift(); product; product = waiting.shift()) {
      loaded[(await load(product)) ? 'created' : 'existing'] += 1
      onProgress(loaded.created + loaded.existing, products.length)
    }
  }
  await Promise.all(Array.from({ length: concurrency }, work))
  return loaded
}
