/** Waits until nothing is on its way any more, for tests and for whoever has filled a shop. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { EventSource } from './event-sources/event-source.ts'

/** Rejects after `timeoutMs`, saying what is still pending. */
export const untilIdle = async (
  /** How many invocations run, or events wait for one. */
  pending: () => number,
  sources: readonly EventSource[],
  timeoutMs: number,
): Promise<void> => {
  /** Nothing runs, and nothing will but by a timer of a batching window. */
  const isStill = () => pending() === 0 && sources.every((source) => source.isGathering() || !source.isPending())
  const untilMs = Date.now() + timeoutMs
  // Twice in a row, since work may be between two stations at the moment of asking.
  for (let calm = 0; calm < 2; ) {
    calm = isStill() ? calm + 1 : 0
    const gathering = calm < 2 ? [] : sources.filter((source) => source.isGathering())
    if (gathering.length > 0) calm = 0
    for (const source of gathering) source.hurry()
    if (Date.now() > untilMs) {
      const busy = sources.filter((source) => source.isPending()).map(({ name }) => name)
      throw new Error(`not idle after ${timeoutMs} ms: ${pending()} invocations; ${busy.join(', ')}`)
    }
    await sleep(3)
  }
}
