/** Shoppers and staff of one run. What shoppers were told is kept, to be held against what the shop has in the end. */
import type { Bus } from '../cloud/bus.ts'
import type { Caller, Http, Json } from '../cloud/http.ts'
import type { RunContext } from '../world/run-context.ts'
import { createErasures, type Erasures } from './erasures.ts'
import { withRepeats } from './repeats.ts'
import type { Placed } from './shoppers/ordering.ts'
import { createShopper } from './shoppers/shoppers.ts'
import { createSocial } from './social.ts'
import { createStaff } from './staff/staff.ts'

export type People = {
  placed: readonly Placed[]
  erasures: Erasures
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

export const createPeople = (run: RunContext, network: Http, bus: Bus): People => {
  const placed: Placed[] = []
  const erasures = createErasures(run, network)
  const http = withRepeats(run, network, (sub) => erasures.asked.has(sub))
  const staff = createStaff(run, http)
  const social = createSocial(run, http, bus)
  const shopper = createShopper(run, http, staff, placed, erasures)

  /** A person of ours that stumbles is a fault of the simulation, to be seen as such. */
  const watched = (work: Promise<void>): void => {
    work.catch((error: unknown) =>
      run.violate('simulation', error instanceof Error ? (error.stack ?? error.message) : String(error)),
    )
  }
  const everybody = async (shoppers: readonly number[]): Promise<void> => {
    if (run.chance('nothing is easy from the start') < 0.15) run.startFaults()
    await staff.openShop()
    run.startFaults()
    await Promise.all([staff.keepShelves(), social.begin(), ...shoppers.map(shopper)])
  }

  return {
    placed,
    erasures,
    begin: (shoppers) => watched(everybody(shoppers)),
    finish: (orderIds) => watched(Promise.all([staff.sendAll(orderIds), social.askAgain()]).then(() => undefined)),
    erased: social.erased,
    reconcile: staff.reconcile,
    async list(me) {
      const answer = await http.ask('orders/list-orders', `${me.sub} lists`, { caller: me, query: { limit: '100' } })
      return (answer?.body?.data ?? []).map(({ id }: Json) => id)
    },
  }
}
