/** O1, C1 and E2: what people were told and shown is so. */
import { erasedUserId } from '../../../../../shared/domain/erased-user.ts'
import type { People } from '../../actors/people.ts'
import type { Json } from '../../cloud/http.ts'
import type { Broken, End } from '../../world/final-state.ts'
import type { Observer } from '../every-step/observer.ts'

export const brokenPromises = async (end: End, people: People): Promise<Broken[]> => {
  const broken: Broken[] = []
  const ids = new Set(end.orders.map(({ id }) => id))
  for (const { told } of people.placed)
    for (const id of told)
      if (!ids.has(id)) broken.push({ invariant: 'O1', detail: `${id} was told of and is not there` })
  const shoppers = new Map(people.placed.map(({ shopper }) => [shopper.sub, shopper]))
  for (const [sub, shopper] of shoppers) {
    const mine = people.placed.filter((one) => one.shopper.sub === sub)
    if (people.erasures.asked.has(sub)) continue
    const listed = await people.list(shopper)
    const stored = end.orders.filter(({ customerId }) => customerId === sub).map(({ id }) => id)
    if (listed.length > mine.length)
      broken.push({ invariant: 'O1', detail: `${sub} used ${mine.length} keys and has ${listed.length} orders` })
    if ([...listed].sort().join() !== [...stored].sort().join())
      broken.push({ invariant: 'O1', detail: `the list of ${sub} does not show their orders` })
    for (const { told } of mine)
      for (const id of told) if (!listed.includes(id)) broken.push({ invariant: 'O1', detail: `${id} is on no list` })
  }
  return broken
}

/** E2, seen from outside: what the shop itself reckons from its events adds up. */
export const brokenReconciliation = async (people: People): Promise<Broken[]> =>
  (await people.reconcile()).map((drift) => ({ invariant: 'E2', detail: `reconciliation finds ${drift}` }))

/** C1: what was bought is taken out of its cart. One that went with its person, or whose time was over, cannot be looked into. */
export const brokenCarts = ({ orders, carts }: End, { cleared }: Observer): Broken[] =>
  orders
    .filter(({ customerId }) => customerId !== erasedUserId)
    .filter(({ timeline }) => timeline.some(({ status }: Json) => status === 'confirmed'))
    .filter(({ id, cartId }) => !cleared.has(id) && carts.some(({ pk }) => pk === `cart#${cartId}`))
    .map(({ id, cartId }) => ({ invariant: 'C1', detail: `what ${id} bought was not taken out of ${cartId}` }))
