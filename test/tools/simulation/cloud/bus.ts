/** The bus: takes events from the relays, and gives each to the queues whose consumers declared it. */
import { entriesOf } from '../../../../cdk/constructs/entries.ts'
import { sourceOf } from '../../../../shared/contract/event.ts'
import { services } from '../world/functions.ts'
import type { RunContext } from '../world/run-context.ts'
import { takesPart } from '../world/sampling.ts'
import type { Queues } from './queues.ts'

type Entry = { Source: string; DetailType: string; Detail: string }
type EntryResult = { EventId?: string; ErrorCode?: string }

export type Bus = {
  put(
    entries: readonly Entry[],
    isRefused?: (entry: Entry) => boolean,
  ): { FailedEntryCount: number; Entries: EntryResult[] }
  /** Ids of all events that were taken. */
  published: ReadonlySet<string>
  /** Events that a consumer was to hear of, as `queue body`. */
  owed: ReadonlySet<string>
}

const queuesByEvent = (seed: number): ReadonlyMap<string, string[]> => {
  const found = new Map<string, string[]>()
  for (const service of services.filter(({ name }) => takesPart(seed, name)))
    for (const { kind, name, declaration } of entriesOf(service))
      if (kind === 'consumer')
        for (const event of declaration.on) {
          const key = `${sourceOf(event)} ${event.type}`
          found.set(key, [...(found.get(key) ?? []), `${service.name}/${name}`])
        }
  return found
}

/** What an event did not have before: an order begun under the version before must end under this one. */
const addedSince: Readonly<Record<string, readonly string[]>> = { 'order.cancelled': ['placedAt'] }

const asBefore = ({ DetailType, Detail, ...rest }: Entry): Entry => {
  const added = addedSince[DetailType]
  if (!added) return { ...rest, DetailType, Detail }
  const event: { data: Record<string, unknown> } = JSON.parse(Detail)
  const data = Object.fromEntries(Object.entries(event.data).filter(([name]) => !added.includes(name)))
  return { ...rest, DetailType, Detail: JSON.stringify({ ...event, data }) }
}

export const createBus = (run: RunContext, queues: Queues): Bus => {
  const isOlder = run.chance('events of the version before') < 0.05
  const targets = queuesByEvent(run.seed)
  const published = new Set<string>()
  const owed = new Set<string>()
  /** Ids of events by who published them of what, and their number. */
  const numbered = new Map<string, string>()
  const copies = new Map<string, number>()
  return {
    published,
    owed,
    put(entries, isRefused = () => false) {
      const results = entries.map((given): EntryResult => {
        const entry = isOlder ? asBefore(given) : given
        if (isRefused(entry)) return { ErrorCode: 'InternalFailure' }
        const event: { id: string; aggregateId: string; sequence: number } = JSON.parse(entry.Detail)
        const place = `${entry.Source} ${event.aggregateId} ${event.sequence}`
        const known = numbered.get(place)
        if (known !== undefined && known !== event.id) run.violate('E3', `${place} was published as two events`)
        numbered.set(place, event.id)
        published.add(event.id)
        const told = `${entry.DetailType}(${event.aggregateId})#${event.sequence}`
        const copy = (copies.get(told) ?? 0) + 1
        copies.set(told, copy)
        run.tell(() => `bus: ${told}${copy > 1 ? ` (published ${copy} times)` : ''}`)
        const body = `{"detail-type":${JSON.stringify(entry.DetailType)},"detail":${entry.Detail}}`
        for (const queue of targets.get(`${entry.Source} ${entry.DetailType}`) ?? []) {
          owed.add(`${queue} ${body}`)
          queues.send(queue, copy > 1 ? `${told} ${copy}` : told, body)
        }
        return { EventId: event.id }
      })
      return { FailedEntryCount: results.filter(({ ErrorCode }) => ErrorCode).length, Entries: results }
    },
  }
}
