/**
 * | item | pk | sk |
 * |---|---|---|
 * | a cart | `cart#<cartId>` | `cart` |
 * | gsi1, keys only: someone's carts | `person#<ownerId>` | `<cartId>` |
 *
 * It goes by TTL, 30 days after its last change. The orders whose lines were taken out of it stand in the cart itself, so that
 * clearing it is one write.
 */
import * as z from 'zod/mini'
import { Currency, Money, Quantity, Sku } from '../../shared/contract/schema.ts'
import type { Now } from '../../shared/runtime/clock.ts'
import { notErased } from '../../shared/runtime/erasure.ts'
import type { Once } from '../../shared/runtime/idempotency.ts'
import { owned, ownerKeys } from '../../shared/runtime/owned.ts'
import { type Key, notThere, type Table, versionIs } from '../../shared/runtime/table.ts'
import { type Cart, lifetimeSeconds } from './domain.ts'

const StoredCart = z.object({
  id: z.string(),
  ownerId: z.string(),
  currency: Currency,
  lines: z.array(z.object({ sku: Sku, title: z.string(), quantity: Quantity, unitPrice: Money })),
  version: z.int(),
  expiresAt: z.int(),
  mergedInto: z.optional(z.string()),
  ordered: z.optional(z.array(z.string())),
})

const keyOf = (cartId: string) => ({ pk: `cart#${cartId}`, sk: 'cart' })

export const cartsTable = ({ table, now }: { table: Table; now: Now }) => {
  const seconds = () => Math.floor(now() / 1000)
  /** TTL deletes late, so a cart past its time is treated as gone. */
  const alive = (cart: Cart | undefined): Cart | undefined => (cart && cart.expiresAt > seconds() ? cart : undefined)
  const next = (cart: Cart): Cart => ({ ...cart, version: cart.version + 1, expiresAt: seconds() + lifetimeSeconds })
  const itemOf = (cart: Cart) => ({ ...keyOf(cart.id), ...cart, ...ownerKeys('gsi1', cart.ownerId, cart.id) })
  const putOf = (cart: Cart) => ({ put: itemOf(cart), when: versionIs(cart.version - 1) })

  return {
    async get(cartId: string): Promise<Cart | undefined> {
      const item = await table.get(keyOf(cartId))
      return alive(item && StoredCart.parse(item))
    },

    /** Both carts in one read. */
    async getPair(cartId: string, otherId: string): Promise<[Cart | undefined, Cart | undefined]> {
      const found = (await table.batchGet([...new Set([cartId, otherId])].map(keyOf))).map((item) =>
        StoredCart.parse(item),
      )
      const byId = (id: string) => alive(found.find((cart) => cart.id === id))
      return [byId(cartId), byId(otherId)]
    },

    /** @returns undefined when the owner has been erased @throws AlreadyDoneError */
    async insert(cart: Omit<Cart, 'version' | 'expiresAt'>, once: Once | undefined): Promise<Cart | undefined> {
      const made = next({ ...cart, version: 0, expiresAt: 0 })
      const changes = [{ put: itemOf(made), when: notThere }, notErased(cart.ownerId)]
      const written = await table.write(changes, { once, resource: cart.id })
      return written.ok ? made : undefined
    },

    /** @returns the cart with its new version, or undefined when another change came first */
    async replace(cart: Cart): Promise<Cart | undefined> {
      const changed = next(cart)
      const written = await table.write([putOf(changed)])
      return written.ok ? changed : undefined
    },

    /** Writes both carts or none. */
    async replaceBoth(into: Cart, from: Cart): Promise<Cart | undefined> {
      const [changed, emptied] = [next(into), next(from)]
      const written = await table.write([putOf(changed), putOf(emptied)])
      return written.ok ? changed : undefined
    },

    /** Someone's carts, as far as the index has heard of them. */
    listOfOwner: owned(table, 'gsi1').list,

    /** A page of someone's carts that live. @param position the id that the page before ended at @param limit at most 100 */
    async pageOfOwner(ownerId: string, position: string | undefined, limit: number) {
      const page = await owned(table, 'gsi1').page(ownerId, position, limit)
      const carts = page.found.flatMap(({ item }) => alive(StoredCart.parse(item)) ?? [])
      return { carts, more: page.more }
    },

    async remove(cart: Key): Promise<void> {
      await table.write([{ delete: cart }])
    },
  }
}

export type CartsTable = ReturnType<typeof cartsTable>
