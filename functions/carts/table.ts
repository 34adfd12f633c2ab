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
import { Currency, Money, Options, Quantity, Sku } from '../../shared/contract/schema.ts'
import { now } from '../../shared/runtime/clock.ts'
import { notErased } from '../../shared/runtime/erasure.ts'
import type { IdempotencyKey } from '../../shared/runtime/idempotency.ts'
import { ownerIndex, ownerKeys } from '../../shared/runtime/owner-index.ts'
import { type Change, type Key, notThere, type Table, versionIs } from '../../shared/runtime/table.ts'
import { type Cart, lifetimeSeconds } from './domain.ts'

const StoredCart = z.object({
  id: z.string(),
  ownerId: z.string(),
  currency: Currency,
  lines: z.array(
    z.object({
      sku: Sku,
      title: z.string(),
      options: z.optional(Options),
      quantity: Quantity,
      unitPrice: Money,
      rises: z.optional(z.array(z.object({ version: z.int(), from: z.int() }))),
    }),
  ),
  version: z.int(),
  expiresAt: z.int(),
  mergedInto: z.optional(z.string()),
  mergedVersion: z.optional(z.int()),
  ordered: z.optional(z.array(z.string())),
})

const keyOf = (cartId: string) => ({ pk: `cart#${cartId}`, sk: 'cart' })

export const cartsTable = (table: Table) => {
  const seconds = () => Math.floor(now() / 1000)
  /** TTL deletes late, so a cart past its time is treated as gone. */
  const alive = (cart: Cart | undefined): Cart | undefined => (cart && cart.expiresAt > seconds() ? cart : undefined)
  const next = (cart: Cart): Cart => ({ ...cart, version: cart.version + 1, expiresAt: seconds() + lifetimeSeconds })
  const itemOf = (cart: Cart) => ({ ...keyOf(cart.id), ...cart, ...ownerKeys('gsi1', cart.ownerId, cart.id) })
  const putOf = (cart: Cart): Change<'raced'> => ({
    put: itemOf(cart),
    when: versionIs(cart.version - 1),
    else: 'raced',
  })

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

    /**
     * @param ids the first of them that is free becomes its id
     * @returns undefined when the owner has been erased, or none is free @throws AlreadyDoneError
     */
    async insert(
      cart: Omit<Cart, 'id' | 'version' | 'expiresAt'>,
      ids: readonly string[],
      idempotencyKey: IdempotencyKey | undefined,
    ): Promise<Cart | undefined> {
      for (const id of ids) {
        const made = next({ ...cart, id, version: 0, expiresAt: 0 })
        const written = await table.write(
          [{ put: itemOf(made), when: notThere, else: 'there' }, notErased(cart.ownerId)],
          { idempotencyKey, resource: id },
        )
        if (written.ok) return made
        if (written.failed === 'erased') return undefined
      }
      return undefined
    },

    /**
     * Makes a cart under a known id, in place of one that is over: merged into another that is over as well, or past its time.
     * @param before as it was read, if it was found
     */
    async open(
      cart: Omit<Cart, 'version' | 'expiresAt'>,
      before: Cart | undefined,
    ): Promise<Cart | 'erased' | 'raced'> {
      const made = next({ ...cart, version: before?.version ?? 0, expiresAt: 0 })
      const isOver = { expression: 'attribute_not_exists(pk) OR #expiresAt <= :now', values: { ':now': seconds() } }
      const when = before ? versionIs(before.version) : isOver
      const written = await table.write([{ put: itemOf(made), when, else: 'raced' }, notErased(cart.ownerId)])
      return written.ok ? made : written.failed
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

    /** Lists a person's carts; the index lags behind by a moment. */
    listOfOwner: ownerIndex(table, 'gsi1').list,

    /** A page of someone's carts that live. @param position the id that the page before ended at @param limit at most 100 */
    async pageOfOwner(ownerId: string, position: string | undefined, limit: number) {
      const page = await ownerIndex(table, 'gsi1').page(ownerId, position, limit)
      const carts = page.found.flatMap(({ item }) => alive(StoredCart.parse(item)) ?? [])
      return { carts, more: page.more }
    },

    async remove(cart: Key): Promise<void> {
      await table.write([{ delete: cart }])
    },
  }
}

export type CartsTable = ReturnType<typeof cartsTable>
