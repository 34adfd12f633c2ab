/** Round trips to the database, counted in front of the real engine while the deployed bundles answer. */
import { carts } from '../../../functions/carts/contract.ts'
import { catalog } from '../../../functions/catalog/contract.ts'
import { orders } from '../../../functions/orders/contract.ts'
import { guest, type Json, someId, staff, startService } from '../../support/service.ts'

const writes = new Set(['PutItem', 'UpdateItem', 'DeleteItem', 'TransactWriteItems'])
const eur = (amount: number) => ({ amount, currency: 'EUR' })
const variant = {
  sku: 'BENCH-1',
  productId: someId('prd'),
  title: 'Bench',
  options: {},
  unitPrice: eur(1000),
  weightGrams: 500,
}
const caller = guest()

export type RoundTrips = { name: string; counted: number; budget: number }

const ofCatalog = async (): Promise<RoundTrips[]> => {
  const service = await startService(catalog)
  const made = await service.request('createProduct', {
    caller: staff(),
    body: { title: 'Bench', category: 'bench', variants: [{ sku: 'BENCH-1', price: eur(1000) }] },
  })
  const byId = await service.request('readProduct', { params: { idOrSlug: made.body.id } })
  const bySlug = await service.request('readProduct', { params: { idOrSlug: 'bench' } })
  const list = await service.request('listProducts')
  await service.project('indexProducts', [{ pk: `product#${made.body.id}`, sk: 'product' }])
  const found = await service.request('listProducts', { query: { q: 'bench' } })
  service.stop()
  if (found.body.data.length !== 1) throw new Error(`nothing was found: ${JSON.stringify(found.body)}`)
  return [
    { name: 'product page by id', counted: byId.database.length, budget: 1 },
    { name: 'product page by slug', counted: bySlug.database.length, budget: 1 },
    { name: 'list page', counted: list.database.length, budget: 1 },
    { name: 'search for a word, and for what ends with it', counted: found.database.length, budget: 4 },
  ]
}

const ofCarts = async (): Promise<RoundTrips[]> => {
  const service = await startService(carts, {
    procedures: { 'catalog-quote': () => ({ variants: [variant] }), 'inventory-levels': () => ({ levels: [] }) },
  })
  const { body } = await service.request('createCart', { caller })
  const read = await service.request('readCart', { caller, params: { cartId: body.id } })
  service.stop()
  return [{ name: 'cart read', counted: read.database.length, budget: 1 }]
}

const ofOrders = async (): Promise<RoundTrips[]> => {
  const cart: Json = { id: someId('crt'), version: 1, lines: [{ sku: 'BENCH-1', quantity: 1 }] }
  const service = await startService(orders, {
    procedures: {
      'carts-checkout-snapshot': () => ({ cart }),
      'catalog-quote': () => ({ variants: [variant] }),
      'shipping-quote': () => ({ method: { id: 'standard', title: 'Standard', price: eur(490) } }),
      'inventory-reserve': () => ({ state: 'reserved', shortages: [] }),
      'payments-authorize': () => ({ status: 'authorized' }),
    },
  })
  const placed = await service.request('placeOrder', {
    caller,
    headers: { 'idempotency-key': 'bench' },
    body: {
      cartId: cart.id,
      email: 'ada@example.com',
      shippingAddress: { name: 'A', line1: 'B', city: 'C', postalCode: '10115', country: 'DE' },
      shippingMethod: 'standard',
      payment: { method: 'sandbox_ok' },
    },
  })
  service.stop()
  if (placed.body.status !== 'confirmed') throw new Error(`the order was not placed: ${JSON.stringify(placed.body)}`)
  return [
    {
      // Its name among the open orders, itself, its outcome: where events brought that, it took three as well.
      name: 'place an order and confirm it, writes',
      counted: placed.database.filter(({ operation }) => writes.has(operation)).length,
      budget: 3,
    },
  ]
}

export const roundTrips = async (): Promise<RoundTrips[]> => [
  ...(await ofCatalog()),
  ...(await ofCarts()),
  ...(await ofOrders()),
]
