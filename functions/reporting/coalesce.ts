/** What a batch says of one object, taken together: one read and one write for all of it. */

/** Adds one item to the work on its object; settles when that work does. */
export type Submit<T> = (id: string, one: T) => Promise<void>

type Group<T> = { items: [T, ...T[]]; done: Promise<void> }

/**
 * A batch often holds several events of one order. Handed over before any work has begun, or while the work before them
 * goes on, they are one piece of work; apart they would each cost a read and a write, or lose the race of their writes.
 * Other instances are not waited for; against them there is the write's condition.
 */
export const coalesced = <T>(work: (id: string, all: readonly [T, ...T[]]) => Promise<void>): Submit<T> => {
  const waiting = new Map<string, Group<T>>()
  const last = new Map<string, Promise<void>>()
  return async (id, one) => {
    const known = waiting.get(id)
    if (known) {
      known.items.push(one)
      return known.done
    }
    const items: [T, ...T[]] = [one]
    const begin = (): Promise<void> => {
      waiting.delete(id)
      return work(id, items)
    }
    const done = (last.get(id) ?? Promise.resolve()).then(begin, begin)
    waiting.set(id, { items, done })
    last.set(id, done)
    try {
      await done
    } finally {
      if (last.get(id) === done) last.delete(id)
    }
  }
}
