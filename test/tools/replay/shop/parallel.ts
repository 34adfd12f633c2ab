/**
 * Works through the items in their order, `concurrency` at a time. The first error ends it: no further item is begun.
 */
export const inParallel = async <T>(
  items: Iterable<T>,
  concurrency: number,
  work: (item: T) => Promise<void>,
): Promise<void> => {
  const waiting = items[Symbol.iterator]()
  let failed = false
  const worker = async (): Promise<void> => {
    for (let next = waiting.next(); !failed && !next.done; next = waiting.next()) {
      try {
        await work(next.value)
      } catch (error) {
        failed = true
        throw error
      }
    }
  }
  await Promise.all(Array.from({ length: concurrency }, worker))
}
