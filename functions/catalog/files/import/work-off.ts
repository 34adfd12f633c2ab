/** Writes a file's products into the catalogue, in as few reads and writes as there can be; or, in a dry run, only says so. */
import { isoTime, newId, now } from '../../../../shared/runtime/clock.ts'
import { namesBesidesIds, otherLists } from '../../categories/domain.ts'
import type { Product } from '../../products/domain.ts'
import type { CatalogTable } from '../../products/table.ts'
import { changeEvents, creationEvents } from '../../products/update-product.ts'
import type { Refused } from '../../products/writes.ts'
import { type Entry, type ImportedProduct, reportOf } from '../formats/imported.ts'
import { inParts, lookUp } from './look-up.ts'
import { type Known, type Plan, planOf } from './plan.ts'
import type { Count } from './plan-variants.ts'

/** Items and bytes of one transaction: DynamoDB takes 100 and 4 MB. */
const [itemsAtOnce, bytesAtOnce] = [100, 3_000_000]
/** Changes on their way at the same time. */
const changesAtOnce = 8
/** Tries to write a product against others that write it, or take its names, at the same time. */
const attempts = 5

export type Outcome = {
  counts: Record<'created' | 'changed' | 'unchanged' | 'failed', number>
  entries: Entry[]
  /** What the file says can be bought of the SKUs that are in the catalogue now. */
  levels: Count[]
}

const nothingKnown: Known = { product: undefined, owners: new Map() }

const write = async (catalog: CatalogTable, plan: Plan): Promise<Refused | 'ok'> => {
  if (plan.kind === 'create') {
    const written = await catalog.insert(plan.product, creationEvents(plan.product), undefined)
    return typeof written === 'string' ? written : 'ok'
  }
  if (plan.kind !== 'change') return 'ok'
  const { before, product } = plan
  const written = await catalog.replace(before, product, changeEvents(before, product))
  return typeof written === 'string' ? written : 'ok'
}

const reasons: Readonly<Record<Refused, string>> = {
  raced: 'Others kept changing the product at the same time; take the file in once more.',
  SKU_TAKEN: 'A SKU of its belongs to another product.',
  SLUG_TAKEN: 'Another product has its address.',
  TOO_MANY_CHANGES: 'So many variants and categories cannot change at once.',
}

/** One product by itself, read anew: for those whom another write came before. What cannot be written is reported. */
const workOffOne = async (catalog: CatalogTable, imported: ImportedProduct): Promise<Plan> => {
  let refused: Refused = 'raced'
  for (let tries = 0; tries < attempts; tries += 1) {
    const [known = nothingKnown] = await lookUp(catalog, [imported])
    const plan = planOf(imported, known, { id: newId('prd'), at: isoTime(now()) })
    const outcome = await write(catalog, plan)
    if (outcome === 'ok') return plan
    refused = outcome
    if (outcome === 'TOO_MANY_CHANGES' && plan.kind === 'change') {
      // Its categories then change by themselves, in the next round.
      const { category, moreCategories } = plan.before
      const first = await write(catalog, { ...plan, product: { ...plan.product, category, moreCategories } })
      if (first !== 'ok') refused = first
    }
  }
  const report = reportOf(imported.name)
  report.error(imported.line, refused === 'raced' ? 'CONTENTION' : refused, reasons[refused])
  return { kind: 'failed', entries: report.entries, counts: [] }
}

type Planned = { imported: ImportedProduct; plan: Plan }

/** New products in groups that fit into a transaction: each with its slug, its SKUs and its categories. */
const inTransactions = (planned: readonly Planned[]): { imported: ImportedProduct; product: Product }[][] => {
  const groups: { imported: ImportedProduct; product: Product }[][] = []
  let [items, bytes] = [itemsAtOnce, 0]
  for (const { imported, plan } of planned) {
    if (plan.kind !== 'create') continue
    const { product } = plan
    const own = 3 + product.variants.length + (product.moreCategories ?? []).length + otherLists(product).length
    const size = JSON.stringify(product).length * 2
    if (items + own > itemsAtOnce || bytes + size > bytesAtOnce) {
      groups.push([])
      items = 0
      bytes = 0
    }
    groups.at(-1)?.push({ imported, product })
    items += own
    bytes += size
  }
  return groups
}

const writeNew = async (catalog: CatalogTable, planned: readonly Planned[]): Promise<Map<ImportedProduct, Plan>> => {
  const others = new Map<ImportedProduct, Plan>()
  for (const group of inTransactions(planned)) {
    const made = await catalog.insertAll(
      group.map(({ product }) => ({ product, newEvents: creationEvents(product)([]) })),
    )
    if (made) continue
    for (const { imported } of group) others.set(imported, await workOffOne(catalog, imported))
  }
  return others
}

const writeChanged = async (
  catalog: CatalogTable,
  planned: readonly Planned[],
): Promise<Map<ImportedProduct, Plan>> => {
  const others = new Map<ImportedProduct, Plan>()
  const waiting = planned.toReversed()
  const worker = async (): Promise<void> => {
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const { imported, plan } = next
      if (plan.kind !== 'change') continue
      if ((await write(catalog, plan)) !== 'ok') others.set(imported, await workOffOne(catalog, imported))
    }
  }
  await Promise.all(Array.from({ length: changesAtOnce }, worker))
  return others
}

const outcomeNames = { create: 'created', change: 'changed', unchanged: 'unchanged', failed: 'failed' } as const

/** What is done twice changes nothing the second time: so a step that broke off is simply repeated. */
export const workOff = async (
  catalog: CatalogTable,
  products: readonly ImportedProduct[],
  dryRun: boolean,
): Promise<Outcome> => {
  const outcome: Outcome = {
    counts: { created: 0, changed: 0, unchanged: 0, failed: 0 },
    entries: [],
    levels: [],
  }
  const names = new Map(products.flatMap(({ categories = [] }) => categories.flatMap(namesBesidesIds)))
  if (!dryRun && names.size > 0) await catalog.nameCategories(names)
  for (const part of inParts(products)) {
    const known = await lookUp(catalog, part)
    const planned = part.map((imported, index) => ({
      imported,
      plan: planOf(imported, known[index] ?? nothingKnown, { id: newId('prd'), at: isoTime(now()) }),
    }))
    const others = dryRun
      ? new Map<ImportedProduct, Plan>()
      : new Map([...(await writeNew(catalog, planned)), ...(await writeChanged(catalog, planned))])
    for (const { imported, plan } of planned) {
      const final = others.get(imported) ?? plan
      outcome.counts[outcomeNames[final.kind]] += 1
      for (const entry of final.entries) outcome.entries.push(entry)
      for (const count of final.counts) outcome.levels.push(count)
    }
  }
  return outcome
}
