import * as z from 'zod/mini'
import { consumer, endpoint, service } from '../../shared/contract/endpoint.ts'
import { Id, Money, Page, PageQuery, Sku, Timestamp } from '../../shared/contract/schema.ts'
import { quote } from '../published/catalog.ts'
import { userErasureRequested } from '../published/identity.ts'
import { exportPerson, personErased, wishlistItemAdded } from '../published/wishlist.ts'

/** 128 random bits: whoever was given the link may look, and nobody finds it. */
export const ShareId = z.string().check(z.maxLength(32), z.regex(/^[0-9a-f]{32}$/))

export const WishlistLine = z.strictObject({
  sku: Sku,
  addedAt: Timestamp,
  /** As the variant is sold now; absent while it is not. */
  offer: z.optional(
    z.strictObject({
      productId: Id('prd'),
      title: z.string(),
      options: z.record(z.string(), z.string()),
      price: Money,
    }),
  ),
})

/** Newest first. */
const WishlistPage = z.extend(Page(WishlistLine), { count: z.int() })

const linePath = z.strictObject({
  sku: Sku.check(z.refine((sku) => sku !== 'share', 'Must not be `share`: that path is that of the link to the list.')),
})

export const endpoints = {
  readWishlist: endpoint({
    method: 'GET',
    path: '/me/wishlist',
    caller: 'customer',
    summary: 'Read my wishlist, newest first, and whether it is shared',
    query: z.strictObject(PageQuery),
    success: { status: 200, body: z.extend(WishlistPage, { shareId: z.nullable(ShareId) }) },
    table: ['GetItem'],
    calls: [quote],
  }),
  addToWishlist: endpoint({
    method: 'PUT',
    path: '/me/wishlist/{sku}',
    caller: 'customer',
    summary: 'Wish for a variant',
    params: linePath,
    success: { status: 200, body: WishlistLine },
    problems: { WISHLIST_FULL: 409 },
    table: ['GetItem', 'PutItem', 'ConditionCheckItem'],
    calls: [quote],
  }),
  removeFromWishlist: endpoint({
    method: 'DELETE',
    path: '/me/wishlist/{sku}',
    caller: 'customer',
    summary: 'Wish for a variant no more',
    params: linePath,
    success: { status: 204 },
    table: ['GetItem', 'PutItem'],
  }),
  shareWishlist: endpoint({
    method: 'POST',
    path: '/me/wishlist/share',
    caller: 'customer',
    summary: 'Give out a link to my wishlist: the same one until it is ended',
    success: { status: 200, body: z.strictObject({ shareId: ShareId }) },
    table: ['GetItem', 'PutItem', 'ConditionCheckItem'],
  }),
  unshareWishlist: endpoint({
    method: 'DELETE',
    path: '/me/wishlist/share',
    caller: 'customer',
    summary: 'End the link to my wishlist for good',
    success: { status: 204 },
    table: ['GetItem', 'PutItem', 'DeleteItem'],
  }),
  readSharedWishlist: endpoint({
    method: 'GET',
    path: '/wishlists/{shareId}',
    caller: 'anyone',
    summary: 'Read a wishlist that somebody has given me the link to',
    params: z.strictObject({ shareId: ShareId }),
    query: z.strictObject(PageQuery),
    success: { status: 200, body: WishlistPage },
    table: ['GetItem'],
    calls: [quote],
  }),
}

export const consumers = {
  erasePerson: consumer({
    on: [userErasureRequested],
    summary: "Delete a person's wishlist and the link to it",
    table: ['GetItem', 'PutItem', 'DeleteItem'],
  }),
}

export const procedures = { exportPerson }
export const events = { wishlistItemAdded, personErased }

export const wishlist = service({
  name: 'wishlist',
  summary: 'what customers wish for, and links to it',
  personalData: { held: 'wishlists, and the links by which they are shared' },
  table: { indexes: 0 },
  endpoints,
  procedures,
  consumers,
  events,
})
