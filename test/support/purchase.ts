/** What a purchase takes: a product with stock, a cart, an order. */
import { randomUUID } from 'node:crypto'
import { answerOf } from './answer.ts'
import { eventually, type Shop, type ShopAnswer } from './shop.ts'

/** A new product with one variant and so much stock. @returns its SKU and id */
export const productWithStock = async (
  shop: Shop,
  staff: string,
  quantity: number,
  amount = 1000,
  options: Record<string, string> = {},
) => {
  const sku = `T-${randomUUID()}`
  const { body } = await shop.request('POST /products', {
    token: staff,
    body: {
      title: `Test ${sku}`,
      category: 'tests',
      variants: [{ sku, price: { amount, currency: 'EUR' }, weightGrams: 400, options }],
    },
  })
  if (quantity > 0)
    await shop.request('POST /stock/{sku}/receipts', { token: staff, params: { sku }, body: { quantity } })
  return { sku, id: body.id, slug: body.slug }
}

export const address = {
  name: 'Ada Lovelace',
  line1: '12 Dock Road',
  city: 'Berlin',
  postalCode: '10115',
  country: 'DE',
}

/** A cart with these lines. */
export const cartWith = async (shop: Shop, token: string, lines: Record<string, number>): Promise<string> => {
  const { id: cartId } = (await shop.request('POST /carts', { token })).body
  for (const [sku, quantity] of Object.entries(lines)) {
    const set = await shop.request('PUT /carts/{cartId}/items/{sku}', {
      token,
      params: { cartId, sku },
      body: { quantity },
    })
    if (!set.ok) throw new Error(`no line: ${set.problem.detail}`)
  }
  return cartId
}

export type OrderOptions = { method?: string; key?: string; waitSeconds?: number; country?: string }

const postOrder = (shop: Shop, token: string, cartId: string, options: OrderOptions = {}) =>
  shop.request('POST /orders', {
    token,
    ...(options.key ? { key: options.key } : {}),
    waitSeconds: options.waitSeconds ?? 15,
    body: {
      cartId,
      email: 'ada@example.com',
      shippingAddress: { ...address, country: options.country ?? 'DE' },
      shippingMethod: 'standard',
      payment: { method: options.method ?? 'sandbox_ok' },
    },
  })

/** Places an order and waits until it is decided, unless told how long to wait. */
export const placeOrder = async (
  shop: Shop,
  token: string,
  cartId: string,
  options: OrderOptions = {},
): Promise<ShopAnswer<'POST /orders'>> => {
  const answer = await postOrder(shop, token, cartId, options)
  const isUndecided = (status: string) => status === 'placed' || status === 'awaiting-payment'
  if (!answer.ok || options.waitSeconds !== undefined || !isUndecided(answer.body.status)) return answer
  const read = () => shop.request('GET /orders/{orderId}', { token, params: { orderId: answer.body.id } })
  const { body } = await eventually(read, (latest) => !isUndecided(latest.body.status))
  return answerOf('POST /orders', answer.status, body, { headers: answer.headers })
}
