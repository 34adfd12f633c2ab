/** Work that would only be in its own way: one after the other, where the rest runs side by side. */

export type InTurn = <T>(id: string, work: () => Promise<T>) => Promise<T>

/**
 * A batch often holds several events of one order, of which all but one would lose the race of their writes. In turn
 * each costs one read and one write. Other instances are not waited for; against them there is the write's condition.
 */
export const inTurn = (): InTurn => {
  const last = new Map<string, Promise<unknown>>()
  return async (id, work) => {
    const mine = (last.get(id) ?? Promise.resolve()).then(work, work)
    last.set(id, mine)
    try {
      return await mine
    } finally {
      if (last.get(id) === mine) last.delete(id)
    }
  }
}
