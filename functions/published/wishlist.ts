/** The published language of wishlist: what may be asked of it and what it tells. */
import * as z from 'zod/mini'
import { event } from '../../shared/contract/event.ts'
import { exportPersonOf, personErasedBy } from '../../shared/contract/personal-data.ts'
import { Sku, UserId } from '../../shared/contract/schema.ts'

export const exportPerson = exportPersonOf('wishlist', ['GetItem'])

export const wishlistItemAdded = event({
  service: 'wishlist',
  type: 'wishlist.item-added',
  schemaVersion: 1,
  summary: 'A shopper wishes for a variant that was not on their list',
  data: z.object({ userId: UserId, sku: Sku }),
})

export const personErased = personErasedBy('wishlist')
