/** Every service behind the public API. What is not in this list is not deployed, documented or tested. */
import type { RoutesOf } from '../shared/client/routes.ts'
import type { ServiceDeclaration } from '../shared/contract/endpoint.ts'
import { carts } from './carts/contract.ts'
import { catalog } from './catalog/contract.ts'
import { docs } from './docs/contract.ts'
import { identity } from './identity/contract.ts'
import { inventory } from './inventory/contract.ts'
import { notifications } from './notifications/contract.ts'
import { orders } from './orders/contract.ts'
import { payments, paymentsThrough } from './payments/contract.ts'
import type { PaymentProviderDeclaration } from './payments/providers/declaration.ts'
import { profiles } from './profiles/contract.ts'
import { relations } from './relations/contract.ts'
import { reporting } from './reporting/contract.ts'
import { reviews } from './reviews/contract.ts'
import { shipping } from './shipping/contract.ts'
import { wishlist } from './wishlist/contract.ts'

const declared = [
  identity,
  profiles,
  relations,
  catalog,
  inventory,
  carts,
  shipping,
  orders,
  payments,
  reviews,
  wishlist,
  notifications,
  reporting,
  docs,
] as const

export const services: readonly ServiceDeclaration[] = declared

/** The services of a shop that is paid through another provider than the one that the sources choose. */
export const servicesPaidThrough = (provider: PaymentProviderDeclaration): readonly ServiceDeclaration[] =>
  services.map((each) => (each === payments ? paymentsThrough(provider) : each))

/** Every endpoint by its route: what the typed client is made for. */
export type ShopRoutes = RoutesOf<typeof declared>
