import * as z from 'zod/mini'
import { procedure } from '../../shared/contract/endpoint.ts'
import { exportPersonOf } from '../../shared/contract/personal-data.ts'
import { Id, Quantity, Sku, UserId, Version } from '../../shared/contract/schema.ts'

/** A cart's lines are bounded, so that a cart fits into one item and an order into few transactions. */
export const maxLines = 100

export const checkoutSnapshot = procedure({
  service: 'carts',
  name: 'checkout-snapshot',
  summary: 'Give what lies in a cart, to its owner only; the cart is absent when there is none of that owner',
  input: z.strictObject({ cartId: Id('crt'), ownerId: UserId }),
  output: z.strictObject({
    cart: z.optional(
      z.strictObject({
        id: Id('crt'),
        version: Version,
        lines: z.array(z.strictObject({ sku: Sku, quantity: Quantity })).check(z.maxLength(maxLines)),
      }),
    ),
  }),
  table: ['GetItem'],
})

export const exportPerson = exportPersonOf('carts', ['Query', 'BatchGetItem'])
