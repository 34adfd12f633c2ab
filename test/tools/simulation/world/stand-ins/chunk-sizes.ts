/**
 * Stands in for functions/inventory/chunk-sizes.ts: in some runs a transaction takes one line or two, so that small orders take the
 * way of those with a hundred lines.
 */
import { theInvocation } from '../invocation.ts'

const few = ['all', 'all', 'all', 1, 2] as const

const size = (most: number): number => {
  const lines = theInvocation().run.pick('lines in a transaction', few)
  return lines === 'all' ? most : lines
}

export const chunkSizes = {
  get reserve() {
    return size(99)
  },
  get release() {
    return size(99)
  },
  get commit() {
    return size(49)
  },
  get return() {
    return size(45)
  },
}
