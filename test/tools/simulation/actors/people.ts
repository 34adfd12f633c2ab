/** Shoppers and staff of one run. What shoppers were told is kept, to be held against what the shop has in the end. */
import type { Bus } from '../cloud/bus.ts'
import type { Caller, Http, Json } from '../cloud/http.ts'
import type { World } from '../world/run-context.ts'
import { createLeavers, type Leavers } from './erasures.ts'
import { withRepeats } from './repeats.ts'
import type { Placed } from './shoppers/ordering.ts'
import { createShopper } from './shoppers/shoppers.ts'
import { createCircle } from './social.ts'
import { createStaff } from './staff/staff.ts'

export type People = {
  placed: readonly Placed[]
  leavers: Leavers
  /** @param shoppers who comes, by number */
  begin(shoppers: readonly number[]): void
  /** After all faults: staff send and deliver what still waits, and who wished to be erased is spoken of again. */
  finish(orderIds: readonly string[]): void
  /** Whoever wished to be erased. */
  erased(): string | undefined
  /** What the shop's own reconciliation finds wrong. */
  reconcile(): Promise<string[]>
  /** Ids of the orders that a shopper's list shows. */
  list(shopper: Caller): Promise<string[]>
}

export const createPeople = (world: World, network: Http, bus: Bus): People => {
  const placed: Placed[] = []
  const leavers = createLeavers(world, network)
  const http = withRepeats(world, network, (sub) => leavers.asked.has(sub))
  const staff = createStaff(world, http)
  const circle = createCircle(world, http, bus)
  const shopper = createShopper(world, http, staff, placed, leavers)

  /** A person of ours that stumbles is a fault of the simulation, to be seen as such. */
  const watched = (work: Promise<void>): void => {
    work.catch((error: unknown) =>
      world.violate('simulation', error instanceof Error ? (error.stack ?? error.message) : String(error)),
    )
  }
  const everybody = async (shoppers: readonly number[]): Promise<void> => {
    if (world.chance('nothing is easy from the start') < 0.15) world.startFaults()
    await staff.openShop()
    world.startFaults()
    await Promise.all([staff.keepShelves(), circle.begin(), ...shoppers.map(shopper)])
  }

  return {
    placed,
    leavers,
    begin: (shoppers) => watched(everybody(shoppers)),
    finish: (orderIds) => watched(Promise.all([staff.sendAll(orderIds), circle.askAgain()]).then(() => undefined)),
    erased: circle.erased,
    reconcile: staff.reconcile,
    async list(me) {
      const answer = await http.ask('orders/list-orders', `${me.sub} lists`, { caller: me, query: { limit: '100' } })
      return (answer?.body?.data ?? []).map(({ id }: Json) => id)
    },
  }
}
