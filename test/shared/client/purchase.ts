import { openShop, ShopProblem, tokensInMemory } from 'serverless-shop/client'

/** Buys two of a product as a guest. @returns the order's number, or why there is none */
export const buy = async (url: string, idOrSlug: string): Promise<string> => {
  const tokens = tokensInMemory()
  const shop = openShop({ url, tokens })
  tokens.write((await shop.expect('POST /auth/guest')).tokens)

  const { variants } = await shop.expect('GET /products/{idOrSlug}', { params: { idOrSlug } })
  const { id: cartId } = await shop.expect('POST /carts')
  const items = variants.slice(0, 1).map(({ sku }) => ({ sku, quantity: 2 }))
  await shop.expect('PUT /carts/{cartId}/items', { params: { cartId }, body: { items } })

  const order = await shop.request('POST /orders', {
    waitSeconds: 10,
    body: {
      cartId,
      email: 'ada@example.com',
      shippingMethod: 'standard',
      shippingAddress: {
        name: 'Ada Lovelace',
        line1: '12 Dock Road',
        city: 'Berlin',
        postalCode: '10115',
        country: 'DE',
      },
      payment: { method: 'sandbox_ok' },
    },
  })
  if (order.ok) return order.body.number
  switch (order.problem.code) {
    case 'CART_EMPTY':
      return 'somebody emptied the cart'
    default:
      throw new ShopProblem('POST /orders', order.status, order.problem)
  }
}
