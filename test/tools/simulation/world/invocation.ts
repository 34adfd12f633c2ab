/** Whose code is running: each invocation of a function carries its name, its environment and its clock along. */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { RunContext } from './run-context.ts'

export type Invocation = {
  run: RunContext
  /** Stays the same when other faults are left out: what it was called for, and how often before. */
  name: string
  /** `orders/place-order`. */
  functionName: string
  environment: Readonly<Record<string, string>>
  /** How far the instance's clock is off. Milliseconds. */
  skewMs: number
  /** Numbers of calls, ids and random numbers so far. */
  counts: Map<string, number>
  /** Whether the bus takes only some of what it publishes. */
  isInPart: boolean
  /** Ended in mid-course: nothing it waits for comes any more. */
  ended: 'crashed' | 'timed out' | undefined
  /** Ends it now, as if the machine went away. */
  crash: () => void
}

const running = new AsyncLocalStorage<Invocation>()

/** The invocation whose code is running, if any is. */
export const currentInvocation = (): Invocation | undefined => running.getStore()

/** @throws Error outside of any invocation: what runs here must be part of the simulation */
export const theInvocation = (): Invocation => {
  const invocation = running.getStore()
  if (!invocation) throw new Error('this runs in no invocation')
  return invocation
}

export const runInvocation = <T>(invocation: Invocation, work: () => T): T => running.run(invocation, work)

/** Leaves the simulation for a moment, for real calls of the engine. */
export const outsideOfInvocations = <T>(work: () => T): T => running.exit(work)

/** 1, 2, 3, … for each kind of thing that an invocation does. */
export const numbered = ({ counts }: Invocation, kind: string): number => {
  const number = (counts.get(kind) ?? 0) + 1
  counts.set(kind, number)
  return number
}
