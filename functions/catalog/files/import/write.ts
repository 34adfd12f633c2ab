/** Products as files of each format. Pure. */
import type { Product } from '../../products/domain.ts'
import type { Format } from '../contract.ts'
import { csvLine } from '../formats/csv.ts'
import { shopifyHeader, shopifyRows } from '../shopify/shopify-rows.ts'
import { wooHeader, wooRows } from '../woocommerce/woocommerce-rows.ts'

/** The fields of `POST /products`. */
const jsonLine = (product: Product): string =>
  `${JSON.stringify({
    slug: product.slug,
    title: product.title,
    ...(product.descriptionHtml === undefined
      ? { description: product.description }
      : { descriptionHtml: product.descriptionHtml }),
    category: product.category,
    moreCategories: product.moreCategories ?? [],
    ...(product.vendor === undefined ? {} : { vendor: product.vendor }),
    ...(product.seo === undefined ? {} : { seo: product.seo }),
    tags: product.tags,
    images: product.images,
    ...(product.imageAlts === undefined ? {} : { imageAlts: product.imageAlts }),
    variants: product.variants.map(({ image, compareAtPrice, barcode, offSale: _, ...variant }) => ({
      ...variant,
      image: image ?? null,
      compareAtPrice: compareAtPrice ?? null,
      barcode: barcode ?? null,
    })),
  })}\n`

const csv = {
  shopify: { header: shopifyHeader, rows: shopifyRows },
  woocommerce: { header: wooHeader, rows: wooRows },
} as const

/** @param isFirst the file begins here, with its header if the format has one */
export const writeProducts = (products: readonly Product[], format: Format, isFirst: boolean): string => {
  if (format === 'jsonl') return products.map(jsonLine).join('')
  const { header, rows } = csv[format]
  return [...(isFirst ? [header] : []), ...products.flatMap(rows)].map(csvLine).join('')
}
