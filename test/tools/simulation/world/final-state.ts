import type { Json } from '../cloud/http.ts'

/** All that there is in the end, as plain data. */
export type End = {
  orders: Json[]
  payments: Json[]
  inventory: Json[]
  catalog: Json[]
  search: Json[]
  shipping: Json[]
  carts: Json[]
  reviews: Json[]
  relations: Json[]
  notifications: Json[]
  identity: Json[]
}

/** What does not hold of it: the invariant's number in the assurance page, and where. */
export type Broken = { invariant: string; detail: string }
