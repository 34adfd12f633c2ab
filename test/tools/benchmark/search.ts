/**
 * What a search in ten thousand products takes, with facets and a page of twenty: read units as the engine counts them, and
 * processor time of the code that asks it. Asked is what people type, with and without filters, and what they filter and sort by.
 */
import { type AttributeValue, BatchWriteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import * as z from 'zod/mini'
import type { Product } from '../../../functions/catalog/products/domain.ts'
import { catalogTable, productKeyOf } from '../../../functions/catalog/products/table.ts'
import { type Search, searchProducts } from '../../../functions/catalog/search/search-products.ts'
import { searchTable } from '../../../functions/catalog/search/table.ts'
import { wantedIn } from '../../../functions/catalog/search/words/wanted.ts'
import { type AskDynamo, dynamoApi } from '../../../shared/runtime/aws/dynamodb.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { queries } from '../../functions/catalog/fixtures/queries.ts'
import { bigCatalogue, indexOf } from '../../support/big-catalogue.ts'
import { startEngine } from '../../support/engine.ts'
import { testCredentials } from '../../support/objects.ts'
import { createTable } from '../../support/tables.ts'

export const searchedProducts = 10_000

const page = { limit: 20, facets: true } as const

const filtered = (category: string): Search[] => [
  { ...page, filters: {}, order: 'price' },
  { ...page, filters: {}, order: 'rating' },
  { ...page, filters: { category }, order: 'newest' },
  { ...page, filters: { inStock: true }, order: '-price' },
  { ...page, filters: { inStock: false, minPrice: 2_000, maxPrice: 9_000 }, order: 'newest' },
  { ...page, filters: { options: new Map([['size', ['L', 'M']]]), inStock: true }, order: 'price' },
]

const searchesOf = (category: string): Search[] =>
  Object.values(queries)
    .flat()
    .flatMap(([q]): Search[] => {
      const worded = { ...page, wanted: wantedIn(q), order: 'relevance' as const }
      return [
        { ...worded, filters: {} },
        { ...worded, filters: { inStock: true, maxPrice: 15_000 } },
      ]
    })
    .concat(filtered(category))

const write = async (client: DynamoDBClient, table: string, items: readonly Record<string, AttributeValue>[]) => {
  for (let from = 0; from < items.length; from += 25) {
    const puts = items.slice(from, from + 25).map((Item) => ({ PutRequest: { Item } }))
    await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: puts } }))
  }
}

const Consumed = z.object({
  ConsumedCapacity: z.union([
    z.object({ CapacityUnits: z.number() }),
    z.array(z.object({ CapacityUnits: z.number() })),
  ]),
})

/** Asks DynamoDB and adds up what it bills. */
const metered = () => {
  let units = 0
  const api = dynamoApi()
  const ask: AskDynamo = async (operation, input) => {
    const answer = await api(operation, { ...input, ReturnConsumedCapacity: 'TOTAL' })
    for (const { CapacityUnits } of [Consumed.parse(answer).ConsumedCapacity].flat()) units += CapacityUnits
    return answer
  }
  return { ask, units: () => units }
}

type Used = { units: number; cpuMs: number }

const ofTwenty = (values: readonly number[], part: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor((values.length * part) / 20))] ?? Number.NaN

const measured = async (searches: readonly Search[], remembers: boolean): Promise<Used[]> => {
  const { ask, units } = metered()
  const catalog = catalogTable(openTable({ ask, name: 'catalog' }))
  const begin = () => searchTable(openTable({ ask, name: 'search' }))
  let index = begin()
  const used: Used[] = []
  for (const search of searches) {
    if (!remembers) index = begin()
    const before = { units: units(), cpu: process.cpuUsage() }
    const { productIds } = await searchProducts(index, search)
    await catalog.getAll(productIds, { eventually: true })
    const { user, system } = process.cpuUsage(before.cpu)
    used.push({ units: units() - before.units, cpuMs: (user + system) / 1_000 })
  }
  return used
}

const itemOf = (product: Product) =>
  marshall({ ...productKeyOf(product.id), ...product }, { removeUndefinedValues: true })

/** Of nineteen in twenty searches, the most; `firstCpuMs` where an instance remembers nothing yet. */
export const searchCosts = async (): Promise<{
  units: number
  mostUnits: number
  cpuMs: number
  firstCpuMs: number
}> => {
  const engine = await startEngine()
  const before = { ...process.env }
  Object.assign(process.env, {
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: testCredentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: testCredentials.secretAccessKey,
    AWS_ENDPOINT_URL: engine.url,
  })
  const client = new DynamoDBClient({ endpoint: engine.url })
  try {
    const products = bigCatalogue(searchedProducts)
    for (const table of ['catalog', 'search']) await createTable(client, table, { indexes: 0 })
    await write(client, 'catalog', products.map(itemOf))
    await write(
      client,
      'search',
      indexOf(products).map((item) => marshall(item)),
    )
    const searches = searchesOf(products[0]?.category ?? '')
    const first = await measured(searches, false)
    const later = await measured(searches, true)
    const units = later.map((one) => one.units)
    return {
      units: ofTwenty(units, 19),
      mostUnits: ofTwenty(units, 20),
      cpuMs: ofTwenty(
        later.map(({ cpuMs }) => cpuMs),
        19,
      ),
      firstCpuMs: ofTwenty(
        first.map(({ cpuMs }) => cpuMs),
        19,
      ),
    }
  } finally {
    client.destroy()
    engine.stop()
    process.env = before
  }
}
