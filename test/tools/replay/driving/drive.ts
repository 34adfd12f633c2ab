/** Replays the planned steps against a shop: in time order, several customers at once, each customer's one after another. */

import { type ShopClient, ShopProblem } from '../../../../functions/client.ts'
import { type Plan, type PlannedOrder, type Step, shouldConfirm } from '../invoices/orders.ts'
import { createTally, type Tally } from '../invoices/tally.ts'
import { inParallel } from '../shop/parallel.ts'
import { fulfil, type People, placeOrder, type Story } from './place.ts'
import { giveBack, type ReturnOutcomes } from './returns.ts'

export type Driven = {
  stories: Story[]
  /** What the shop made of the orders at first: `confirmed`, or `cancelled: declined`. */
  outcomes: Tally
  /** Orders that were never placed, by the code of the refusal. */
  refusals: Tally
  returns: ReturnOutcomes
  /** What should not have happened: one line each. */
  trouble: string[]
}

type Shop = {
  staff: ShopClient
  beGuest: () => Promise<ShopClient>
}

/** A shop that is down would refuse thousands of orders one by one. */
const mostTrouble = 50

/** Steps of one customer wait for each other; those without a customer wait for nobody. */
const createTurns = () => {
  const last = new Map<string, Promise<void>>()
  return (customer: string | undefined, work: () => Promise<void>): Promise<void> => {
    if (customer === undefined) return work()
    const turn = (last.get(customer) ?? Promise.resolve()).then(work)
    // The next one's turn comes whatever became of this one.
    last.set(
      customer,
      turn.catch(() => undefined),
    )
    return turn
  }
}

/** One line when the shop did something else with the order than its payment method lets expect. */
const surpriseOf = ({ plan, id, status, reason }: Story): string[] => {
  const was = reason ? `${status} (${reason})` : status
  if (shouldConfirm(plan) && status !== 'confirmed')
    return [`order ${id} (${plan.key}): confirmed was expected, is ${was}`]
  if (!shouldConfirm(plan) && reason !== 'declined')
    return [`order ${id} (${plan.key}): declined was expected, is ${was}`]
  return []
}

export const drive = async (
  shop: Shop,
  plan: Pick<Plan, 'steps'>,
  concurrency: number,
  onDone: (lines: number) => void,
): Promise<Driven> => {
  const people: People = { staff: shop.staff }
  const shoppers = new Map<string, ShopClient>()
  const storiesOf = new Map<string, Story[]>()
  const driven: Driven = {
    stories: [],
    outcomes: createTally(),
    refusals: createTally(),
    returns: { lines: createTally(), refusals: createTally(), refunded: 0 },
    trouble: [],
  }

  /** A customer shops under one guest token all year; who has no number gets a new one for each invoice. */
  const shopperFor = async (customer: string | undefined): Promise<ShopClient> => {
    const known = customer === undefined ? undefined : shoppers.get(customer)
    const shopper = known ?? (await shop.beGuest())
    if (customer !== undefined) shoppers.set(customer, shopper)
    return shopper
  }

  const order = async (shopper: ShopClient, customer: string | undefined, planned: PlannedOrder): Promise<void> => {
    let story: Story
    try {
      story = await placeOrder(shopper, customer, planned)
    } catch (error) {
      if (!(error instanceof ShopProblem) || error.status >= 500) throw error
      driven.refusals.add(error.code, `${planned.key}: ${error.message}`)
      return
    }
    driven.stories.push(story)
    if (customer !== undefined) storiesOf.set(customer, [...(storiesOf.get(customer) ?? []), story])
    driven.outcomes.add(story.status === 'cancelled' ? `cancelled: ${story.reason ?? 'no reason'}` : 'confirmed')
    driven.trouble.push(...surpriseOf(story))
    await fulfil(people, story)
  }

  const perform = async (step: Step): Promise<void> => {
    if (step.kind === 'return') {
      const earlier = step.customer === undefined ? [] : (storiesOf.get(step.customer) ?? [])
      return giveBack(people, step, earlier, driven.returns)
    }
    const shopper = await shopperFor(step.customer)
    for (const planned of step.orders) await order(shopper, step.customer, planned)
  }

  const takeTurn = createTurns()
  await inParallel(plan.steps, concurrency, async (step) => {
    if (driven.trouble.length >= mostTrouble) return
    try {
      await takeTurn(step.customer, () => perform(step))
    } catch (error) {
      // The other invoices go on; that something is wrong stands in the report and in the exit status.
      driven.trouble.push(`invoice ${step.invoice}: ${error instanceof Error ? error.message : String(error)}`)
    }
    onDone(sizeOf(step))
  })
  if (driven.trouble.length >= mostTrouble) driven.trouble.push('given up: too much went wrong to go on')
  return driven
}

/** Lines: what a step costs, about. */
export const sizeOf = (step: Step): number =>
  step.kind === 'return' ? step.lines.length : step.orders.reduce((sum, { lines }) => sum + lines.length, 0)
