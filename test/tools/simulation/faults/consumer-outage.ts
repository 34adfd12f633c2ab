/**
 * In some runs a consumer that undoes what was done for a cancelled order does nothing for hours: a bad release, say. What
 * it would have done waits, sweeps come by before it, and people grow impatient: staff take the money that they can get,
 * shoppers cancel. Without this, what sweeps make good would hardly ever be theirs to make good.
 */
import { entriesOf } from '../../../../cdk/constructs/entries.ts'
import { orderCancelled } from '../../../../functions/published/orders.ts'
import { services } from '../world/functions.ts'
import type { RunContext } from '../world/run-context.ts'
import { hasConsumerOutage } from '../world/sampling.ts'

/** Those that hear of cancellations and of nothing else, by their queues' names. */
const undoing = services.flatMap((service) =>
  entriesOf(service).flatMap((entry) =>
    entry.kind === 'consumer' && entry.declaration.on.every(({ type }) => type === orderCancelled.type)
      ? [`${service.name}/${entry.name}`]
      : [],
  ),
)

/** Milliseconds: longer than sweeps wait before they look, and a good part of them longer than all that people do. */
const standsForMs = [3 * 60 * 60_000, 25 * 60 * 60_000] as const

/** @returns how long a message waits until its consumer works again. Milliseconds. */
export const createConsumerOutage = (run: RunContext): ((queue: string, point: string) => number) => {
  const queue = hasConsumerOutage(run.seed) ? undoing[Math.floor(run.chance('what stands still') * undoing.length)] : ''
  const until = run.nowMs + run.pick('stands still for', standsForMs)
  return (name, point) =>
    name === queue && run.nowMs < until && run.befalls('stands-still', point) ? until - run.nowMs : 0
}
