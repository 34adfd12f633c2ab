/** The published language of carts: what may be asked of it and what it tells. */
import * as z from 'zod/mini'
import { procedure } from '../../shared/contract/endpoint.ts'
import { exportPersonOf, personErasedBy } from '../../shared/contract/personal-data.ts'
import { Id, Money, Options, Quantity, Sku, UserId, Version } from '../../shared/contract/schema.ts'

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
        lines: z
          .array(
            z.strictObject({
              sku: Sku,
              quantity: Quantity,
              /** As the cart shows it. An answer of before this was told has neither. */
              title: z.optional(z.string()),
              options: z.optional(Options),
              unitPrice: z.optional(Money),
            }),
          )
          .check(z.maxLength(maxLines)),
        /** The latest order whose lines were taken out of it. */
        lastOrderId: z.optional(Id('ord')),
      }),
    ),
  }),
  table: ['GetItem'],
})

export const reprice = procedure({
  service: 'carts',
  name: 'reprice',
  summary:
    'Show lines of a cart at the prices and by the titles and options that they have now; says the version that does',
  input: z.strictObject({
    cartId: Id('crt'),
    ownerId: UserId,
    variants: z
      .array(z.strictObject({ sku: Sku, title: z.string(), options: z.optional(Options), unitPrice: Money }))
      .check(z.minLength(1), z.maxLength(maxLines)),
  }),
  output: z.strictObject({ version: z.optional(Version) }),
  table: ['GetItem', 'PutItem'],
})

export const exportPerson = exportPersonOf('carts', ['Query', 'BatchGetItem'])

export const personErased = personErasedBy('carts')
