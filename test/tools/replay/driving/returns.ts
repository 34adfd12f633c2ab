/** A cancelled invoice: finds the orders that its goods came from, and cancels them or gives the money back. */
import type { Line, Step } from '../invoices/orders.ts'
import type { Tally } from '../invoices/tally.ts'
import { cancel, type People, refund, type Story } from './place.ts'

export type ReturnOutcomes = {
  /** What became of each line of a cancelled invoice. */
  lines: Tally
  /** Cancellations that the shop refused, by code. */
  refusals: Tally
  /** Minor units given back by refunds. */
  refunded: number
}

const unitsOf = (story: Story, sku: string): number => story.plan.lines.find((line) => line.sku === sku)?.quantity ?? 0

const unreturned = (story: Story, sku: string): number => unitsOf(story, sku) - (story.returned.get(sku) ?? 0)

const takeBack = (story: Story, sku: string, units: number): void => {
  story.returned.set(sku, (story.returned.get(sku) ?? 0) + units)
}

/** Why there is nothing that the line could come from. */
const unmatched = (customer: string | undefined, earlier: readonly Story[], sku: string): string => {
  if (customer === undefined) return 'unmatched: the file names no customer'
  if (earlier.length === 0) return 'unmatched: no earlier order of this customer'
  return earlier.some((story) => unitsOf(story, sku) > 0)
    ? 'unmatched: the order was never confirmed, or had given back as many'
    : 'unmatched: no earlier order of this customer has it'
}

/** @param earlier the customer's orders, oldest first */
export const giveBack = async (
  people: People,
  step: Step & { kind: 'return' },
  earlier: readonly Story[],
  outcomes: ReturnOutcomes,
): Promise<void> => {
  const latestFirst = earlier.toReversed()
  const refused = new Set<Story>()

  /** Tries to cancel the order, once for each invoice; what has been shipped is paid back instead. */
  const settle = async (story: Story, { sku }: Line, units: number): Promise<string> => {
    if (story.status === 'cancelled') return 'cancelled together with its order'
    if (!refused.has(story)) {
      const outcome = await cancel(story)
      if (outcome === 'cancelled') return 'its order cancelled'
      outcomes.refusals.add(outcome, `order ${story.id}, which is ${story.status}`)
      refused.add(story)
    }
    const amount = await refund(people, story, sku, units, `replay-${step.invoice}-${sku}-${story.plan.key}`)
    // Not in one statement with the await: that would add to what the sum was before, and lose other customers' refunds.
    outcomes.refunded += amount
    return 'refunded, since its order had been shipped'
  }

  for (const line of step.lines) {
    let left = line.quantity
    for (const story of latestFirst) {
      const units = Math.min(left, unreturned(story, line.sku))
      // An order that the shop itself cancelled was never paid for: nothing of it can come back.
      if (units <= 0 || (story.status === 'cancelled' && story.reason !== 'by-customer')) continue
      outcomes.lines.add(await settle(story, line, units), `invoice ${step.invoice}`)
      takeBack(story, line.sku, units)
      left -= units
      if (left === 0) break
    }
    if (left === line.quantity)
      outcomes.lines.add(unmatched(step.customer, earlier, line.sku), `invoice ${step.invoice}`)
  }
}
