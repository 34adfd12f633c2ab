/**
 * What people do beside buying: they look around and at what they have, change their minds about a cart, and staff are at
 * their papers. None of it may disturb the rest, and each of these functions must stand being cut short as well.
 */
import type { Caller, Http, Request } from '../cloud/http.ts'
import type { RunContext } from '../world/run-context.ts'

export type BackgroundRequest = readonly [endpoint: string, request: Request]

const params = (name: string, value: string): Request => ({ params: { [name]: value } })

export const browsing = (productId: string): readonly BackgroundRequest[] => [
  ['catalog/list-products', { query: { limit: '5' } }],
  ['catalog/list-products', { query: { category: 'kitchen' } }],
  ['catalog/list-categories', {}],
  ['catalog/read-product', params('idOrSlug', productId)],
  ['catalog/read-product', params('idOrSlug', 'for-tea')],
  ['inventory/read-stock', params('sku', 'MUG')],
]

export const aroundCart = (cartId: string): readonly BackgroundRequest[] => [
  ['carts/read-cart', params('cartId', cartId)],
  ['carts/set-lines', { ...params('cartId', cartId), body: { items: [{ sku: 'MUG', quantity: 1 }] } }],
  ['carts/remove-line', { params: { cartId, sku: 'TEAPOT' } }],
  ['shipping/list-shipping-methods', { ...params('cartId', cartId), query: { country: 'DE' } }],
]

export const aroundOrder = (orderId: string): readonly BackgroundRequest[] => [
  ['orders/list-orders', { query: { limit: '1' } }],
  ['payments/read-payment', params('orderId', orderId)],
  ['shipping/read-shipment', params('orderId', orderId)],
  ['notifications/list-notifications', {}],
]

export const papers = (orderId: string, productId: string): readonly BackgroundRequest[] => [
  ['orders/list-orders', { query: { scope: 'all' } }],
  [
    'orders/add-note',
    { ...params('orderId', orderId), headers: { 'idempotency-key': 'note' }, body: { text: 'called' } },
  ],
  ['orders/list-notes', params('orderId', orderId)],
  ['payments/read-ledger', params('orderId', orderId)],
  ['inventory/read-history', params('sku', 'TEAPOT')],
  ['reporting/read-reconciliation', { query: { olderThanMinutes: '0' } }],
  ['catalog/change-product', { ...params('productId', productId), body: { description: 'For tea, and more.' } }],
  ['catalog/change-variant', { ...params('sku', 'MUG'), body: { price: { amount: 1_300, currency: 'EUR' } } }],
]

/** Each of them is done by few, so that a run stays short. */
const howOften = 0.04

/** @param name who does it, and when: the same for the same moment of a run */
export const sendBackgroundRequests = async (
  { run, http }: { run: RunContext; http: Http },
  caller: Caller,
  name: string,
  requests: readonly BackgroundRequest[],
): Promise<void> => {
  for (const [index, [endpoint, request]] of requests.entries())
    if (run.chance(`${name} ${index}`) < howOften) await http.ask(endpoint, `${name} ${index}`, { ...request, caller })
}
