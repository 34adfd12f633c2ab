/** Fills the shop: every product of the file, and enough of each for all orders. */

import { type ShopClient, ShopProblem } from '../../../../functions/client.ts'
import type { Product } from '../invoices/catalogue.ts'
import { inParallel } from '../shop/parallel.ts'
import { levelsOf } from '../shop/shapes.ts'

/** What was on hand and reserved of a SKU before the replay, and what the replay received of it. Units. */
export type Opening = { onHand: number; reserved: number; received: number }

export type Stocked = { created: number; existing: number; units: number; openings: ReadonlyMap<string, Opening> }

/** The most that one receipt takes. */
const largestReceipt = 1_000_000

type Shop = {
  staff: ShopClient
  currency: string
  /** Tells this replay's receipts from an earlier one's. */
  runId: string
}

/** @returns whether it is new; a product that is there already stays as it is */
const makeProduct = async ({ staff, currency }: Shop, product: Product): Promise<boolean> => {
  const { sku, title, slug, category, price } = product
  const answer = await staff.request('POST /products', {
    key: `replay-product-${sku}`,
    body: {
      title,
      slug,
      category,
      description: `Stock code ${sku} of the replayed file.`,
      images: [`/pictures/${slug}.svg`],
      variants: [{ sku, options: {}, price: { amount: price, currency }, weightGrams: 250 }],
    },
  })
  if (answer.ok) return !answer.headers.has('idempotent-replayed')
  // Taken (409), or made by an earlier replay under this key from a file with other prices (422).
  if (answer.status === 409 || answer.status === 422) return false
  throw new ShopProblem('POST /products', answer.status, answer.problem)
}

const levelsBefore = async ({ staff }: Shop, sku: string): Promise<Pick<Opening, 'onHand' | 'reserved'>> => {
  const answer = await staff.request('GET /stock/{sku}', { params: { sku } })
  if (answer.ok) {
    const { onHand, reserved } = levelsOf(answer.body)
    return { onHand, reserved }
  }
  if (answer.status === 404) return { onHand: 0, reserved: 0 }
  throw new ShopProblem('GET /stock/{sku}', answer.status, answer.problem)
}

const receive = async ({ staff, runId }: Shop, sku: string, units: number): Promise<void> => {
  for (let done = 0; done < units; done += largestReceipt) {
    const body = { quantity: Math.min(largestReceipt, units - done) }
    const key = `replay-${runId}-${sku}-${done}`
    await staff.expect('POST /stock/{sku}/receipts', { params: { sku }, key, body })
  }
}

/** @throws ShopProblem at the first product or receipt that the shop refuses: without stock there is no replay */
export const stockUp = async (
  shop: Shop,
  products: readonly Product[],
  demand: ReadonlyMap<string, number>,
  concurrency: number,
  onDone: () => void,
): Promise<Stocked> => {
  const openings = new Map<string, Opening>()
  const counts = { created: 0, existing: 0, units: 0 }
  await inParallel(products, concurrency, async (product) => {
    const { sku } = product
    const isNew = await makeProduct(shop, product)
    const received = demand.get(sku) ?? 0
    const before = isNew ? { onHand: 0, reserved: 0 } : await levelsBefore(shop, sku)
    await receive(shop, sku, received)
    openings.set(sku, { ...before, received })
    counts[isNew ? 'created' : 'existing'] += 1
    counts.units += received
    onDone()
  })
  return { ...counts, openings }
}
