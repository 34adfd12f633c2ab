/**
 * | item | pk | sk |
 * |---|---|---|
 * | someone's wishlist, with its lines | `wishlist#<userId>` | `wishlist` |
 * | the link to it, while it is shared | `share#<shareId>` | `share` |
 */
import * as z from 'zod/mini'
import { notErased } from '../../shared/runtime/erasure.ts'
import { type NewEvent, nextVersion } from '../../shared/runtime/outbox.ts'
import { type Change, notThere, type Table, versionIs } from '../../shared/runtime/table.ts'
import { emptyWishlist, type Wishlist } from './domain.ts'

const StoredWishlist = z.object({
  userId: z.string(),
  lines: z.array(z.object({ sku: z.string(), addedAt: z.string() })),
  shareId: z.optional(z.string()),
  version: z.int(),
  sequence: z.int(),
})

const StoredLink = z.object({ userId: z.string() })

const keyOf = (userId: string) => ({ pk: `wishlist#${userId}`, sk: 'wishlist' })
const linkKeyOf = (shareId: string) => ({ pk: `share#${shareId}`, sk: 'share' })

const linkChanges = (before: Wishlist, after: Wishlist): Change<'raced'>[] => {
  if (before.shareId === after.shareId) return []
  return [
    ...(before.shareId === undefined ? [] : [{ delete: linkKeyOf(before.shareId) }]),
    ...(after.shareId === undefined
      ? []
      : [{ put: { ...linkKeyOf(after.shareId), userId: after.userId }, when: notThere, else: 'raced' as const }]),
  ]
}

export const wishlistTable = (table: Table) => {
  /** Someone who has wished for nothing yet has an empty list, of version 0. */
  const get = async (userId: string): Promise<Wishlist> => {
    const item = await table.get(keyOf(userId))
    return item ? StoredWishlist.parse(item) : emptyWishlist(userId)
  }

  return {
    get,

    /** @returns undefined when nothing is shared by this link, or no longer */
    async getShared(shareId: string): Promise<Wishlist | undefined> {
      const link = await table.get(linkKeyOf(shareId))
      const wishlist = link && (await get(StoredLink.parse(link).userId))
      return wishlist?.shareId === shareId ? wishlist : undefined
    },

    /**
     * Writes the next version, and its link where that differs.
     * @returns undefined when another change came first, `erased` for a first list of someone who has been
     */
    async replace(
      before: Wishlist,
      after: Wishlist,
      newEvents: readonly NewEvent[] = [],
    ): Promise<Wishlist | 'erased' | undefined> {
      const next = nextVersion(before.userId, before, newEvents)
      const isFirst = before.version === 0
      const written = await table.write([
        {
          put: { ...keyOf(before.userId), ...after, ...next },
          when: isFirst ? notThere : versionIs(before.version),
          else: 'raced',
        },
        ...linkChanges(before, after),
        ...(isFirst ? [notErased(before.userId)] : []),
      ])
      if (written.ok) return { ...after, version: next.version, sequence: next.sequence }
      return written.failed === 'erased' ? 'erased' : undefined
    },

    /** Deletes a list that was written, and its link. @returns undefined when another change came first */
    async remove(wishlist: Wishlist): Promise<true | undefined> {
      const written = await table.write([
        { delete: keyOf(wishlist.userId), when: versionIs(wishlist.version), else: 'raced' },
        ...linkChanges(wishlist, { ...wishlist, shareId: undefined }),
      ])
      return written.ok || undefined
    },
  }
}

export type WishlistTable = ReturnType<typeof wishlistTable>
