/** The search of the shop over a model of DynamoDB: products are put, indexed and looked for, and what stands there is seen. */
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import type { Product } from '../../../functions/catalog/products/domain.ts'
import type { Order } from '../../../functions/catalog/search/domain.ts'
import { searchIndex } from '../../../functions/catalog/search/search-index.ts'
import { searchProducts } from '../../../functions/catalog/search/search-products.ts'
import { searchTable } from '../../../functions/catalog/search/table.ts'
import { wantedIn } from '../../../functions/catalog/search/words/wanted.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { createModel, type Operation } from '../../tools/simulation/cloud/model/model.ts'
import type { PlainQuery } from './plain-search.ts'

/** What happens to a call: nothing, or it fails before it acts, or after; and others act so many times meanwhile. */
export type Fault = { fails: 'not' | 'before' | 'after'; ticks: number }
/** What happens around a call: `act` makes it. */
type Around = (operation: string, act: () => object, input: object) => Promise<object>

export const ticks = async (count: number): Promise<void> => {
  for (let tick = 0; tick < count; tick += 1) await Promise.resolve()
}

export const failing =
  (faults: () => Fault): Around =>
  async (_, act) => {
    const fault = faults()
    await ticks(fault.ticks)
    if (fault.fails === 'before') throw new Error('lost')
    const answer = act()
    await ticks(fault.ticks)
    if (fault.fails === 'after') throw new Error('lost')
    return answer
  }

export const world = (around: Around) => {
  const model = createModel({ now: () => 0, onWrite: () => undefined })
  model.createTable('catalog', { indexes: 3 })
  model.createTable('search', { indexes: 0 })
  const execute = (operation: string, input: object) => model.execute(operation as Operation, { ...input })
  const open = (name: string) =>
    openTable({
      ask: (operation, input) => around(operation, () => execute(operation, input), input),
      name,
      sleep: () => Promise.resolve(),
    })
  let version = 0
  return {
    search: searchTable(open('search')),
    /** Each time by an instance of its own. */
    index: (productId: string, anew = false) => searchIndex(open('catalog'), open('search')).index(productId, anew),
    /** As the product's next version. */
    put: (product: Product) => {
      version += 1
      const item = { pk: `product#${product.id}`, sk: 'product', ...product, version }
      execute('PutItem', { TableName: 'catalog', Item: marshall(item, { removeUndefinedValues: true }) })
    },
    /** As it stands, into the index. */
    putItem: (item: object) => {
      execute('PutItem', { TableName: 'search', Item: marshall(item, { removeUndefinedValues: true }) })
    },
    items: () => model.items('search').map((item) => unmarshall(item)),
  }
}

export type World = ReturnType<typeof world>

/** All pages, one after the other. */
export const searchAll = async ({ search }: World, { q, sort, options, ...filters }: PlainQuery, limit: number) => {
  const wanted = q ? wantedIn(q) : undefined
  const order: Order = sort === 'relevance' && !q ? 'newest' : sort
  const ids: string[] = []
  let after: string | undefined
  let facets: Awaited<ReturnType<typeof searchProducts>>['facets']
  do {
    const asked = { ...filters, ...(options ? { options: new Map(Object.entries(options)) } : {}) }
    const first = after === undefined
    const page = await searchProducts(search, { wanted, filters: asked, order, limit, after, facets: first })
    ids.push(...page.productIds)
    facets ??= page.facets
    after = page.next
  } while (after !== undefined)
  return { ids, facets }
}
