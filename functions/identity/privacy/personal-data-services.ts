/** Every service that holds personal data: what it gives it out by, and how it says that it has erased it. */
import { personErased as cartsErased, exportPerson as exportFromCarts } from '../../published/carts.ts'
import { exportPerson as exportFromIdentity, personErased as identityErased } from '../../published/identity.ts'
import {
  exportPerson as exportFromNotifications,
  personErased as notificationsErased,
} from '../../published/notifications.ts'
import { exportPerson as exportFromOrders, personErased as ordersErased } from '../../published/orders.ts'
import { exportPerson as exportFromPayments, personErased as paymentsErased } from '../../published/payments.ts'
import { exportPerson as exportFromProfiles, personErased as profilesErased } from '../../published/profiles.ts'
import { exportPerson as exportFromRelations, personErased as relationsErased } from '../../published/relations.ts'
import { exportPerson as exportFromReviews, personErased as reviewsErased } from '../../published/reviews.ts'
import { exportPerson as exportFromShipping, personErased as shippingErased } from '../../published/shipping.ts'
import { exportPerson as exportFromWishlist, personErased as wishlistErased } from '../../published/wishlist.ts'

export const personalDataServices = [
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
export const personalDataServiceNames: readonly string[] = personalDataServices.map(
  ({ personErased }) => personErased.service,
)
