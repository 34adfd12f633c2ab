/** Every service that holds personal data: what it gives it out by, and how it says that it has erased it. */
import { personErased as cartsErased } from '../carts/events.ts'
import { exportPerson as exportFromCarts } from '../carts/procedures.ts'
import { personErased as notificationsErased } from '../notifications/events.ts'
import { exportPerson as exportFromNotifications } from '../notifications/procedures.ts'
import { personErased as ordersErased } from '../orders/events.ts'
import { exportPerson as exportFromOrders } from '../orders/procedures.ts'
import { personErased as paymentsErased } from '../payments/events.ts'
import { exportPerson as exportFromPayments } from '../payments/procedures.ts'
import { personErased as profilesErased } from '../profiles/events.ts'
import { exportPerson as exportFromProfiles } from '../profiles/procedures.ts'
import { personErased as relationsErased } from '../relations/events.ts'
import { exportPerson as exportFromRelations } from '../relations/procedures.ts'
import { personErased as reviewsErased } from '../reviews/events.ts'
import { exportPerson as exportFromReviews } from '../reviews/procedures.ts'
import { personErased as shippingErased } from '../shipping/events.ts'
import { exportPerson as exportFromShipping } from '../shipping/procedures.ts'
import { personErased as wishlistErased } from '../wishlist/events.ts'
import { exportPerson as exportFromWishlist } from '../wishlist/procedures.ts'
import { personErased as identityErased } from './events.ts'
import { exportPerson as exportFromIdentity } from './procedures.ts'

export const holders = [
  { exportPerson: exportFromIdentity, personErased: identityErased },
  { exportPerson: exportFromProfiles, personErased: profilesErased },
  { exportPerson: exportFromRelations, personErased: relationsErased },
  { exportPerson: exportFromCarts, personErased: cartsErased },
  { exportPerson: exportFromShipping, personErased: shippingErased },
  { exportPerson: exportFromOrders, personErased: ordersErased },
  { exportPerson: exportFromReviews, personErased: reviewsErased },
  { exportPerson: exportFromWishlist, personErased: wishlistErased },
  { exportPerson: exportFromPayments, personErased: paymentsErased },
  { exportPerson: exportFromNotifications, personErased: notificationsErased },
] as const

/** The services that a receipt waits for. */
export const holding: readonly string[] = holders.map(({ personErased }) => personErased.service)
