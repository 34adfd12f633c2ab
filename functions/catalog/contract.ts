import * as z from 'zod/mini'
import { consumer, endpoint, service } from '../../shared/contract/endpoint.ts'
import { Money, Sku, Slug, Version } from '../../shared/contract/schema.ts'
import { stockLevelChanged } from '../inventory/events.ts'
import { productRated } from '../reviews/events.ts'
import { importContinued, maxVariants, productArchived, productCreated, productUpdated } from './events.ts'
import { NewVariant, Options, Picture, ProductId, productFields, Weight } from './fields.ts'
import { quote, rebuildSearch } from './procedures.ts'
import { projections, SearchPage, SearchQuery } from './search-contract.ts'
import { transferConsumers, transferEndpoints } from './transfer-contract.ts'

export const ProductSummary = z.strictObject({
  id: ProductId,
  slug: z.string(),
  title: z.string(),
  description: z.string(),
  category: z.string(),
  tags: z.array(z.string()),
  images: z.array(z.string()),
  priceFrom: Money,
  inStock: z.boolean(),
  /** What buyers think of it, as far as anyone can see it; absent until somebody has said so. Two decimals. */
  rating: z.optional(z.strictObject({ average: z.number(), count: z.int() })),
  version: Version,
})

export const Product = z.extend(ProductSummary, {
  /** Safe HTML, where staff gave some; the description is its text. */
  descriptionHtml: z.optional(z.string()),
  variants: z.array(
    z.strictObject({
      sku: Sku,
      options: z.record(z.string(), z.string()),
      price: Money,
      available: z.int(),
      weightGrams: z.int(),
      image: z.optional(z.string()),
    }),
  ),
})

const productPath = z.strictObject({ productId: ProductId })
const writes = ['Query', 'PutItem', 'UpdateItem'] as const

export const endpoints = {
  listProducts: endpoint({
    method: 'GET',
    path: '/products',
    caller: 'anyone',
    summary:
      'Browse and search the catalogue: by words, category, price, stock and options (`option=size:L`); or give the products that `ids` and `skus` name',
    query: SearchQuery,
    success: { status: 200, body: SearchPage(ProductSummary) },
    table: ['Query', 'BatchGetItem'],
    memoryMegabytes: 1_024,
  }),
  readProduct: endpoint({
    method: 'GET',
    path: '/products/{idOrSlug}',
    caller: 'anyone',
    summary: 'Show a product with its variants',
    params: z.strictObject({ idOrSlug: z.union([ProductId, Slug]) }),
    success: { status: 200, body: Product },
    table: ['Query'],
  }),
  listCategories: endpoint({
    method: 'GET',
    path: '/categories',
    caller: 'anyone',
    summary: 'List the categories that hold products',
    success: {
      status: 200,
      body: z.strictObject({
        data: z.array(z.strictObject({ id: z.string(), title: z.string(), products: z.int() })),
      }),
    },
    table: ['Query'],
  }),
  createProduct: endpoint({
    method: 'POST',
    path: '/products',
    caller: 'staff',
    idempotency: 'honoured',
    summary: 'Add a product with its variants',
    body: z.strictObject({
      title: productFields.title,
      slug: z.optional(productFields.slug),
      description: z.optional(productFields.description),
      descriptionHtml: z.optional(productFields.descriptionHtml),
      category: productFields.category,
      tags: z.optional(productFields.tags),
      images: z.optional(productFields.images),
      variants: z.array(NewVariant).check(z.minLength(1), z.maxLength(maxVariants)),
    }),
    success: { status: 201, body: Product },
    problems: { SLUG_TAKEN: 409, SKU_TAKEN: 409 },
    table: writes,
  }),
  changeProduct: endpoint({
    method: 'PATCH',
    path: '/products/{productId}',
    caller: 'staff',
    summary: 'Change what a product says of itself',
    params: productPath,
    body: z.strictObject({
      title: z.optional(productFields.title),
      description: z.optional(productFields.description),
      descriptionHtml: z.optional(productFields.descriptionHtml),
      category: z.optional(productFields.category),
      tags: z.optional(productFields.tags),
      images: z.optional(productFields.images),
    }),
    success: { status: 200, body: Product },
    table: writes,
  }),
  archiveProduct: endpoint({
    method: 'DELETE',
    path: '/products/{productId}',
    caller: 'staff',
    summary: 'Take a product out of the catalogue; its SKUs stay taken, orders keep their lines',
    params: productPath,
    success: { status: 204 },
    table: writes,
  }),
  addVariant: endpoint({
    method: 'POST',
    path: '/products/{productId}/variants',
    caller: 'staff',
    idempotency: 'honoured',
    summary: 'Add a variant to a product',
    params: productPath,
    body: NewVariant,
    success: { status: 201, body: Product },
    problems: { SKU_TAKEN: 409, TOO_MANY_VARIANTS: 409 },
    table: writes,
  }),
  changeVariant: endpoint({
    method: 'PATCH',
    path: '/variants/{sku}',
    caller: 'staff',
    summary: "Change a variant's price, options, weight or picture",
    params: z.strictObject({ sku: Sku }),
    body: z.strictObject({
      options: z.optional(Options),
      price: z.optional(Money),
      weightGrams: z.optional(Weight),
      image: z.optional(Picture),
    }),
    success: { status: 200, body: Product },
    table: ['GetItem', ...writes],
  }),
  drawPicture: endpoint({
    method: 'GET',
    path: '/pictures/{name}',
    caller: 'anyone',
    summary: 'Draw a placeholder picture, the same for the same name',
    params: z.strictObject({ name: z.string().check(z.maxLength(104), z.regex(/^[a-z0-9-]{1,100}\.svg$/)) }),
    success: { status: 200, body: z.string(), contentType: 'image/svg+xml' },
  }),
  ...transferEndpoints,
}

export const consumers = {
  showAvailability: consumer({
    on: [stockLevelChanged],
    summary: 'Show on the product page what can be bought',
    table: ['GetItem', 'PutItem', 'UpdateItem'],
  }),
  showRating: consumer({
    on: [productRated],
    summary: 'Show on the product page what buyers think',
    table: ['UpdateItem'],
  }),
  ...transferConsumers,
}

export const procedures = { quote, rebuildSearch }
export const events = { productCreated, productUpdated, productArchived, importContinued }

export const catalog = service({
  name: 'catalog',
  summary: 'products, variants, categories and prices, and the search for them',
  personalData: 'none',
  table: { indexes: 3 },
  endpoints,
  procedures,
  consumers,
  projections,
  events,
})
