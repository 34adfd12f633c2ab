/** Writes a file's products into the catalogue, in as few reads and writes as there can be; or, in a dry run, only says so. */
import type { NewId } from '../../../shared/domain/ids.ts'
import { isoTime, type Now } from '../../../shared/runtime/clock.ts'
import { fact } from '../../../shared/runtime/outbox.ts'
import { repeated } from '../../../shared/runtime/repeated.ts'
import { skusOf } from '../change.ts'
import type { Product } from '../domain.ts'
import { productCreated, productUpdated } from '../events.ts'
import type { CatalogTable } from '../table.ts'
import { derivedSku, type Entry, type ImportedProduct } from './imported.ts'
import { type Known, type Plan, planOf } from './plan.ts'

/** Products that are looked up together. */
const lookedUpAtOnce = 100
/** Items of one transaction. */
const itemsAtOnce = 100
/** Changes on their way at the same time. */
const changesAtOnce = 8

type Catalog = Pick<CatalogTable, 'slugOwners' | 'skuOwners' | 'getAll' | 'insertAll' | 'insert' | 'replace'>

export type Tools = { catalog: Catalog; now: Now; newId: NewId }

export type Outcome = { counts: Record<'created' | 'changed' | 'unchanged' | 'failed', number>; entries: Entry[] }

const skusIn = ({ variants, slug }: ImportedProduct): string[] =>
  variants.map(({ sku, options = {} }) => sku ?? derivedSku(slug, options))

/** Products in the file's order, in parts in which no slug and no SKU stands twice. */
const inParts = (products: readonly ImportedProduct[]): ImportedProduct[][] => {
  const parts: ImportedProduct[][] = []
  let names = new Set<string>()
  for (const product of products) {
    const own = [`/${product.slug}`, ...skusIn(product)]
    const part = parts.at(-1)
    if (!part || part.length >= lookedUpAtOnce || own.some((name) => names.has(name))) {
      parts.push([product])
      names = new Set(own)
    } else {
      part.push(product)
      for (const name of own) names.add(name)
    }
  }
  return parts
}

/** What the catalogue has of these products, at most a hundred: two or three rounds of reads. */
const lookUpOnce = async (catalog: Catalog, products: readonly ImportedProduct[]): Promise<Known[]> => {
  const slugs = await catalog.slugOwners(products.map(({ slug }) => slug))
  const unnamed = products.filter(({ bySku }) => bySku)
  const owners = await catalog.skuOwners(unnamed.flatMap(skusIn))
  const idOf = (product: ImportedProduct): string | undefined =>
    (product.bySku ? skusIn(product).flatMap((sku) => owners.get(sku) ?? [])[0] : undefined) ?? slugs.get(product.slug)
  const found = await catalog.getAll([...new Set(products.flatMap((product) => idOf(product) ?? []))])
  const known = new Map(found.map((product) => [product.id, product]))
  const own = products.map((product) => known.get(idOf(product) ?? ''))
  const strange = products.flatMap((product, index) => {
    const skus = new Set(own[index]?.variants.map(({ sku }) => sku))
    return skusIn(product).filter((sku) => !skus.has(sku) && !owners.has(sku))
  })
  for (const [sku, owner] of await catalog.skuOwners(strange)) owners.set(sku, owner)
  return own.map((product) => ({ product, owners }))
}

/**
 * SKUs are read after slugs: a product that another import of the same file made in between seems a stranger who has taken
 * the SKUs. It is there as a whole by then, so looking once more finds it.
 */
const lookUp = async (catalog: Catalog, products: readonly ImportedProduct[]): Promise<Known[]> => {
  const known = await lookUpOnce(catalog, products)
  const late = products.filter(
    (product, index) => !known[index]?.product && skusIn(product).some((sku) => known[index]?.owners.has(sku)),
  )
  if (late.length === 0) return known
  const again = await lookUpOnce(catalog, late)
  return products.flatMap((product, index) => again[late.indexOf(product)] ?? known[index] ?? [])
}

const created = (product: Product) => fact(productCreated, { productId: product.id, skus: skusOf(product) })
const updated = (product: Product) => fact(productUpdated, { productId: product.id, skus: skusOf(product) })

/** One product by itself, read anew: for those whom another write came before. */
const workOffOne = ({ catalog, now, newId }: Tools, imported: ImportedProduct): Promise<Plan> =>
  repeated(async () => {
    const [known] = await lookUp(catalog, [imported])
    const plan = planOf(imported, known ?? { product: undefined, owners: new Map() }, {
      id: newId('prd'),
      at: isoTime(now()),
    })
    if (plan.kind === 'create') {
      const written = await catalog.insert(plan.product, [created(plan.product)], undefined)
      return typeof written === 'string' ? undefined : plan
    }
    if (plan.kind !== 'change') return plan
    const written = await catalog.replace(plan.before, plan.product, [updated(plan.product)])
    return typeof written === 'string' ? undefined : plan
  })

type Planned = { imported: ImportedProduct; plan: Plan }

/** New products in groups that fit into a transaction: each with its slug, its SKUs and its category. */
const inTransactions = (planned: readonly Planned[]): { imported: ImportedProduct; product: Product }[][] => {
  const groups: { imported: ImportedProduct; product: Product }[][] = []
  let items = itemsAtOnce
  for (const { imported, plan } of planned) {
    if (plan.kind !== 'create') continue
    const own = 3 + plan.product.variants.length
    if (items + own > itemsAtOnce) {
      groups.push([])
      items = 0
    }
    groups.at(-1)?.push({ imported, product: plan.product })
    items += own
  }
  return groups
}

const writeNew = async (tools: Tools, planned: readonly Planned[]): Promise<Map<ImportedProduct, Plan>> => {
  const others = new Map<ImportedProduct, Plan>()
  for (const group of inTransactions(planned)) {
    const made = await tools.catalog.insertAll(group.map(({ product }) => ({ product, facts: [created(product)] })))
    if (made) continue
    for (const { imported } of group) others.set(imported, await workOffOne(tools, imported))
  }
  return others
}

const writeChanged = async (tools: Tools, planned: readonly Planned[]): Promise<Map<ImportedProduct, Plan>> => {
  const others = new Map<ImportedProduct, Plan>()
  const waiting = planned.toReversed()
  const worker = async (): Promise<void> => {
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const { imported, plan } = next
      if (plan.kind !== 'change') continue
      const written = await tools.catalog.replace(plan.before, plan.product, [updated(plan.product)])
      if (typeof written === 'string') others.set(imported, await workOffOne(tools, imported))
    }
  }
  await Promise.all(Array.from({ length: changesAtOnce }, worker))
  return others
}

const outcomeNames = { create: 'created', change: 'changed', unchanged: 'unchanged', failed: 'failed' } as const

/** What is done twice changes nothing the second time: so a step that broke off is simply repeated. */
export const workOff = async (
  tools: Tools,
  products: readonly ImportedProduct[],
  dryRun: boolean,
): Promise<Outcome> => {
  const outcome: Outcome = { counts: { created: 0, changed: 0, unchanged: 0, failed: 0 }, entries: [] }
  for (const part of inParts(products)) {
    const known = await lookUp(tools.catalog, part)
    const planned = part.map((imported, index) => ({
      imported,
      plan: planOf(imported, known[index] ?? { product: undefined, owners: new Map() }, {
        id: tools.newId('prd'),
        at: isoTime(tools.now()),
      }),
    }))
    const others = dryRun
      ? new Map<ImportedProduct, Plan>()
      : new Map([...(await writeNew(tools, planned)), ...(await writeChanged(tools, planned))])
    for (const { imported, plan } of planned) {
      const final = others.get(imported) ?? plan
      outcome.counts[outcomeNames[final.kind]] += 1
      for (const entry of final.entries) outcome.entries.push(entry)
    }
  }
  return outcome
}
