import * as z from 'zod/mini'
import { consumer, endpoint, service } from '../../shared/contract/endpoint.ts'
import { Money, Sku, Slug, Text, Version } from '../../shared/contract/schema.ts'
import {
  importContinued,
  importStockCounted,
  maxVariants,
  productArchived,
  productCreated,
  productUpdated,
  quote,
  rebuildSearch,
} from '../published/catalog.ts'
import { stockLevelChanged } from '../published/inventory.ts'
import { productRated } from '../published/reviews.ts'
import { transferConsumers, transferEndpoints } from './files/contract.ts'
import {
  Barcode,
  NewVariant,
  Options,
  Picture,
  ProductId,
  productFields,
  Seo,
  State,
  Weight,
} from './products/fields.ts'
import { projections, SearchPage, SearchQuery } from './search/contract.ts'

export const ProductSummary = z.strictObject({
  id: ProductId,
  slug: z.string(),
  title: z.string(),
  description: z.string(),
  category: z.string(),
  /** Where it stands, too. */
  moreCategories: z.array(z.string()),
  tags: z.array(z.string()),
  images: z.array(z.string()),
  /** What each image shows, in their order; empty where nobody has said. */
  imageAlts: z.array(z.string()),
  vendor: z.optional(z.string()),
  /** Shoppers see active products only. */
  state: State,
  priceFrom: Money,
  inStock: z.boolean(),
  /** What buyers think of it, as far as anyone can see it; absent until somebody has said so. Two decimals. */
  rating: z.optional(z.strictObject({ average: z.number(), count: z.int() })),
  version: Version,
})

export const Product = z.extend(ProductSummary, {
  /** Safe HTML, where staff gave some; the description is its text. */
  descriptionHtml: z.optional(z.string()),
  seo: z.optional(Seo),
  /** The names of the variants' options, in the order in which they are shown. */
  optionNames: z.array(z.string()),
  variants: z.array(
    z.strictObject({
      sku: Sku,
      options: z.record(z.string(), z.string()),
      price: Money,
      compareAtPrice: z.optional(Money),
      available: z.int(),
      weightGrams: z.int(),
      image: z.optional(z.string()),
      barcode: z.optional(z.string()),
      /** false: not sold, and seen by staff alone. */
      onSale: z.boolean(),
    }),
  ),
})

const productPath = z.strictObject({ productId: ProductId })
const writes = ['Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'BatchGetItem'] as const

export const endpoints = {
  listProducts: endpoint({
    method: 'GET',
    path: '/products',
    caller: 'anyone',
    forStaff: true,
    summary:
      'Browse and search the catalogue: by words, category, price, stock and options (`option=size:L`); or give the products that `ids` and `skus` name; staff also list what is not active (`state=draft`)',
    query: SearchQuery,
    success: { status: 200, body: SearchPage(ProductSummary) },
    table: ['Query', 'BatchGetItem'],
    tables: { search: ['Query'] },
    uses: ['token-issuer'],
    memoryMegabytes: 1_024,
  }),
  readProduct: endpoint({
    method: 'GET',
    path: '/products/{idOrSlug}',
    caller: 'anyone',
    forStaff: true,
    summary:
      'Show a product with its variants; by a slug that it had before, too. Staff also see drafts and what is archived',
    params: z.strictObject({ idOrSlug: z.union([ProductId, Slug]) }),
    success: { status: 200, body: Product },
    table: ['Query', 'GetItem'],
    uses: ['token-issuer'],
  }),
  listCategories: endpoint({
    method: 'GET',
    path: '/categories',
    caller: 'anyone',
    summary: 'List the categories that hold products, as a tree',
    success: {
      status: 200,
      body: z.strictObject({
        data: z.array(
          z.strictObject({
            id: z.string(),
            title: z.string(),
            /** The category that it is within. */
            parent: z.optional(z.string()),
            /** Of those within, too. */
            products: z.int(),
          }),
        ),
      }),
    },
    table: ['Query'],
  }),
  nameCategory: endpoint({
    method: 'PATCH',
    path: '/categories/{categoryId}',
    caller: 'staff',
    summary: 'Give a category the name that shoppers read; it need not hold products yet',
    params: z.strictObject({ categoryId: productFields.category }),
    body: z.strictObject({ title: Text(100) }),
    success: { status: 204 },
    table: ['UpdateItem'],
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
      moreCategories: z.optional(productFields.moreCategories),
      tags: z.optional(productFields.tags),
      images: z.optional(productFields.images),
      imageAlts: z.optional(productFields.imageAlts),
      vendor: z.optional(productFields.vendor),
      seo: z.optional(productFields.seo),
      /** A draft is not shown yet. */
      state: z.optional(z.enum(['draft', 'active'])),
      variants: z.array(NewVariant).check(z.minLength(1), z.maxLength(maxVariants)),
    }),
    success: { status: 201, body: Product },
    problems: { NOT_FOUND: 404, SLUG_TAKEN: 409, SKU_TAKEN: 409, TOO_MANY_CHANGES: 409 },
    table: writes,
  }),
  changeProduct: endpoint({
    method: 'PATCH',
    path: '/products/{productId}',
    caller: 'staff',
    summary:
      'Change what a product says of itself, its slug (links with the old one still lead to it), and whether it is shown: `state` hides it, or brings back what was archived',
    params: productPath,
    body: z.strictObject({
      slug: z.optional(productFields.slug),
      state: z.optional(State),
      title: z.optional(productFields.title),
      description: z.optional(productFields.description),
      descriptionHtml: z.optional(productFields.descriptionHtml),
      category: z.optional(productFields.category),
      moreCategories: z.optional(productFields.moreCategories),
      tags: z.optional(productFields.tags),
      images: z.optional(productFields.images),
      imageAlts: z.optional(productFields.imageAlts),
      vendor: z.optional(productFields.vendor),
      seo: z.optional(productFields.seo),
    }),
    success: { status: 200, body: Product },
    problems: { SLUG_TAKEN: 409, SKU_TAKEN: 409, TOO_MANY_CHANGES: 409 },
    table: writes,
  }),
  archiveProduct: endpoint({
    method: 'DELETE',
    path: '/products/{productId}',
    caller: 'staff',
    summary:
      'Take a product out of the catalogue; orders keep their lines. It can be brought back, unless others have taken its SKUs or its slug by then',
    params: productPath,
    success: { status: 204 },
    table: ['Query', 'PutItem', 'UpdateItem', 'DeleteItem'],
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
    problems: { SKU_TAKEN: 409, OPTIONS_TAKEN: 409, TOO_MANY_VARIANTS: 409, TOO_MANY_CHANGES: 409 },
    table: writes,
  }),
  changeVariant: endpoint({
    method: 'PATCH',
    path: '/variants/{sku}',
    caller: 'staff',
    summary: "Change a variant's price, options, weight or picture, or take it off sale",
    params: z.strictObject({ sku: Sku }),
    body: z.strictObject({
      options: z.optional(Options),
      price: z.optional(Money),
      weightGrams: z.optional(Weight),
      image: z.optional(Picture),
      /** null: nothing to compare with any longer. */
      compareAtPrice: z.optional(z.nullable(Money)),
      barcode: z.optional(z.nullable(Barcode)),
      /** false: shoppers neither see nor order it. */
      onSale: z.optional(z.boolean()),
    }),
    success: { status: 200, body: Product },
    problems: { OPTIONS_TAKEN: 409, TOO_MANY_CHANGES: 409 },
    table: ['GetItem', 'Query', 'PutItem', 'UpdateItem'],
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
export const events = { productCreated, productUpdated, productArchived, importContinued, importStockCounted }

export const catalog = service({
  name: 'catalog',
  summary: 'products, variants, categories and prices, and the search for them',
  personalData: 'none',
  table: { indexes: 3 },
  tables: { search: { indexes: 0 } },
  endpoints,
  procedures,
  consumers,
  projections,
  events,
})
