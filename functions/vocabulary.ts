/** What the schemas of the public API are called: as the contracts that declare them export them. */
import type * as z from 'zod/mini'
import * as shared from '../shared/contract/schema.ts'
import * as carts from './carts/contract.ts'
import * as catalog from './catalog/contract.ts'
import * as transfer from './catalog/files/contract.ts'
import * as catalogFields from './catalog/products/fields.ts'
import * as search from './catalog/search/contract.ts'
import * as persons from './identity/privacy/contract.ts'
import * as credentials from './identity/schema.ts'
import * as accounts from './identity/sessions/contract.ts'
import * as inventory from './inventory/contract.ts'
import * as notifications from './notifications/contract.ts'
import * as orders from './orders/contract.ts'
import * as notes from './orders/notes/contract.ts'
import * as returns from './orders/returns/contract.ts'
import * as payments from './payments/schema.ts'
import * as profiles from './profiles/contract.ts'
import * as profileFields from './profiles/schema.ts'
import * as paymentMethods from './published/payments.ts'
import * as publicProfiles from './published/profiles.ts'
import * as relations from './relations/contract.ts'
import * as feed from './relations/feed/contract.ts'
import * as reporting from './reporting/contract.ts'
import * as reviews from './reviews/contract.ts'
import * as shipping from './shipping/contract.ts'
import * as wishlist from './wishlist/contract.ts'

/** By service: the name of one that is taken already gets that of its service before it. */
const modules: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>> = {
  shared: [shared],
  carts: [carts],
  catalog: [catalog, catalogFields, search, transfer],
  identity: [accounts, persons, credentials],
  inventory: [inventory],
  notifications: [notifications],
  orders: [orders, notes, returns],
  payments: [payments, paymentMethods],
  profiles: [profiles, publicProfiles, profileFields],
  relations: [relations, feed],
  reporting: [reporting],
  reviews: [reviews],
  shipping: [shipping],
  wishlist: [wishlist],
}

const isSchema = (value: unknown): value is z.ZodMiniType =>
  typeof value === 'object' && value !== null && 'safeParse' in value && '_zod' in value

const capitalised = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)

export const namedSchemas = (): ReadonlyMap<z.ZodMiniType, string> => {
  const names = new Map<z.ZodMiniType, string>()
  const taken = new Set<string>()
  for (const [service, exported] of Object.entries(modules))
    for (const [name, value] of exported.flatMap((module) => Object.entries(module))) {
      // Bytes are of any form, so there is nothing to call by a name.
      if (!/^[A-Z]/.test(name) || !isSchema(value) || value === shared.Bytes || names.has(value)) continue
      const given = taken.has(name) ? capitalised(service) + name : name
      taken.add(given)
      names.set(value, given)
    }
  return names
}
