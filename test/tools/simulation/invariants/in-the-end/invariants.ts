/** All that must hold once all faults have stopped and every deadline has passed. */
import { leftAfterErasure } from '../../actors/erasures.ts'
import type { People } from '../../actors/people.ts'
import type { Bus } from '../../cloud/bus.ts'
import type { Queues } from '../../cloud/queues.ts'
import type { Broken, End } from '../../world/final-state.ts'
import type { RunContext } from '../../world/run-context.ts'
import { hasSearch } from '../../world/sampling.ts'
import type { Observer } from '../every-step/observer.ts'
import { brokenReviews } from '../ratings.ts'
import { brokenEvents, brokenViews } from './events.ts'
import { brokenFriendships } from './friendships.ts'
import { byKey } from './items.ts'
import { brokenOrder } from './orders.ts'
import { brokenCarts, brokenPromises, brokenReconciliation } from './promises.ts'
import { brokenSearch } from './search-index.ts'
import { brokenStock } from './stock.ts'

export const brokenInvariants = async (
  run: RunContext,
  end: End,
  people: People,
  observer: Observer,
  bus: Bus,
  queues: Queues,
): Promise<Broken[]> => [
  ...brokenEvents(observer, bus, queues),
  ...brokenStock(end),
  ...byKey(end.orders, 'order').flatMap((order) => brokenOrder(order, end)),
  ...(await brokenPromises({ ...end, orders: byKey(end.orders, 'order') }, people)),
  ...brokenViews(end),
  ...(hasSearch(run.seed) ? brokenSearch(end) : []),
  ...brokenReviews(end),
  ...brokenFriendships(end, people.erased()),
  ...leftAfterErasure(run, end, people.erasures),
  ...(await brokenReconciliation(people)),
  ...brokenCarts({ ...end, orders: byKey(end.orders, 'order') }, observer),
]
