/** What one run is about: its clock, its chance, its faults, and the loop in which one thing happens at a time. */

import type { FaultKind } from '../faults/faults.ts'
import { crashes, faultKinds } from '../faults/faults.ts'
import { type Appointment, createAgenda } from './agenda.ts'
import { chanceOf } from './decide.ts'
import { hasConsumerOutage } from './sampling.ts'

/** An invariant that did not hold. */
export class Violation extends Error {
  override readonly name = 'Violation'
  /** As in the list of invariants: `S1`, `M2`, … */
  readonly invariant: string
  constructor(invariant: string, detail: string) {
    super(detail)
    this.invariant = invariant
  }
}

/** A fault that was injected: a name that stays the same when others are left out, and when it was. */
export type Injected = { name: string; kind: FaultKind; atMs: number }

export type RunContext = {
  readonly seed: number
  /** Milliseconds since the epoch, with fractions. */
  readonly nowMs: number
  readonly injected: readonly Injected[]
  /** Whether nothing fails any more. */
  readonly isCalm: boolean
  /** Whether the sweeps run that look for what is stuck. */
  readonly hasNets: boolean
  /** The service whose writes come long after its reads, if one's do. */
  readonly hesitant: string | undefined
  /** Whether the shop's prices contain the tax. */
  readonly pricesIncludeTax: boolean
  /** States that must sometimes be reached, as far as this run has. */
  readonly reached: Set<string>
  /** A number in [0, 1) that the seed and the name decide. */
  chance(name: string): number
  /** One of the choices, as the seed and the name decide. */
  pick<T>(name: string, choices: readonly [T, ...T[]]): T
  at(delayMs: number, work: Appointment['work']): Appointment
  sleep(milliseconds: number): Promise<void>
  /** Whether a fault of this kind happens at this point; noted if it does. */
  fault(kind: FaultKind, point: string): boolean
  /** A fault that happens wherever faults happen at all; noted if it does. */
  befalls(kind: FaultKind, point: string): boolean
  /** The kind of fault that befalls a call of this function, if one does. */
  oneFault(kinds: readonly FaultKind[], functionName: string, point: string): FaultKind | undefined
  /** Nothing fails before this. */
  startFaults(): void
  stopFaults(): void
  /** A line of the history; costs nothing when nobody reads it. */
  tell(line: () => string): void
  /** Ends the run: this invariant does not hold. */
  violate(invariant: string, detail: string): void
  /** Works the agenda off. @throws Violation, or Error when the run does not come to rest */
  untilIdle(): Promise<void>
  /** Lets the clock move on when nothing is left to do. */
  passTime(milliseconds: number): void
}

export type RunContextOptions = {
  seed: number
  /** All functions there are, by name: in some runs the calls of only one of them fail, and often. */
  functions: readonly string[]
  /** Names of the only faults that may happen; undefined: whatever the seed decides. */
  only: ReadonlySet<string> | undefined
  history: ((line: string) => void) | undefined
}

/** Clocks of instances differ by so much at most. Milliseconds. */
export const maxSkewMs = 2_000

/** Saturday, 2026-01-03, 08:00 UTC: any moment would do. */
const beginning = Date.UTC(2026, 0, 3, 8)
const maxSteps = 200_000

/** Microtasks drain before the next turn of the event loop. Taken here, before the globals are virtual. */
const turn = globalThis.setImmediate
const drained = (): Promise<void> => new Promise((resolve) => turn(resolve))

/** How likely a fault is at a point, in this run: some runs have none, some have many. */
const intensities = [0, 0.01, 0.03, 0.03, 0.06, 0.15] as const

/** Functions that few orders need: runs look closely at these more often than at others. */
const seldomCalled =
  /^payments\/(?!relay|read)|^reviews\/(?!list|read)|^relations\/(?!list|read)|move-|settle-|return|\/stop|create-product|index-products/

/** Services whose items several write at once, more often those where few do. */
const hesitants = [
  'carts',
  'carts',
  'shipping',
  'shipping',
  'orders',
  'payments',
  'inventory',
  'reviews',
  'relations',
  'catalog',
  'reporting',
] as const

export const createRunContext = ({ seed, functions, only, history }: RunContextOptions): RunContext => {
  const agenda = createAgenda()
  const injected: Injected[] = []
  let nowMs = beginning
  let faultsOn = false
  let violation: Violation | undefined

  const chance = (name: string): number => chanceOf(seed, name)
  const pick = <T>(name: string, choices: readonly [T, ...T[]]): T =>
    choices[Math.floor(chance(name) * choices.length)] ?? choices[0]
  const intensity = pick('intensity', intensities)
  const candidates = functions.flatMap((name) => Array<string>(seldomCalled.test(name) ? 4 : 1).fill(name))
  const focus = chance('focused') < 0.4 ? candidates[Math.floor(chance('focus') * candidates.length)] : undefined
  const isPossible = (kind: FaultKind): boolean => focus !== undefined || enabled.has(kind)
  const intensityOf = (functionName: string): number => {
    if (focus === undefined) return intensity
    return functionName === focus ? 0.35 : intensity / 2
  }
  // A run that has few kinds of faults has more of each: it goes deeper where a run with all of them stays shallow.
  const enabled = new Set(faultKinds.filter((kind) => chance(`enabled ${kind}`) < 0.5))

  const happens = (kind: FaultKind, point: string): boolean => {
    const name = `${kind}: ${point}`
    if (only && !only.has(name)) return false
    injected.push({ name, kind, atMs: nowMs })
    run.tell(() => `    FAULT ${name}`)
    return true
  }

  const run: RunContext = {
    seed,
    get nowMs() {
      return nowMs
    },
    injected,
    get isCalm() {
      return !faultsOn
    },
    hasNets: hasConsumerOutage(seed) || chance('nets') < 0.5,
    hesitant: chance('somebody hesitates') < 0.3 ? pick('who hesitates', hesitants) : undefined,
    pricesIncludeTax: chance('prices include tax') < 0.3,
    reached: new Set(),
    chance,
    pick,
    at: (delayMs, work) => agenda.add(nowMs + Math.max(0, delayMs), work),
    sleep: (milliseconds) =>
      new Promise((resolve) => {
        agenda.add(nowMs + Math.max(0, milliseconds), resolve)
      }),
    fault: (kind, point) =>
      faultsOn && enabled.has(kind) && chance(`fault ${kind} ${point}`) < intensity && happens(kind, point),
    befalls: (kind, point) => faultsOn && happens(kind, point),
    oneFault(kinds, functionName, point) {
      if (!faultsOn || chance(`fault ${point}`) >= intensityOf(functionName)) return undefined
      const possible = functionName === focus && chance(`crash ${point}`) < 0.6 ? crashes : kinds.filter(isPossible)
      const kind = possible[Math.floor(chance(`kind ${point}`) * possible.length)]
      return kind && happens(kind, point) ? kind : undefined
    },
    startFaults() {
      faultsOn = true
    },
    stopFaults() {
      faultsOn = false
    },
    tell(line) {
      if (!history) return
      const seconds = ((nowMs - beginning) / 1000).toFixed(3)
      history(`${seconds.padStart(12)} ${line()}`)
    },
    violate(invariant, detail) {
      violation ??= new Violation(invariant, detail)
    },
    async untilIdle() {
      let steps = 0
      // What was begun outside of the loop goes as far as it can first.
      await drained()
      for (let next = agenda.next(); next; next = agenda.next()) {
        nowMs = Math.max(nowMs, next.at)
        await next.work()
        await drained()
        if (violation) throw violation
        steps += 1
        if (steps > maxSteps) throw new Violation('O2', `the run does not come to rest within ${maxSteps} steps`)
      }
    },
    passTime(milliseconds) {
      nowMs += milliseconds
    },
  }
  return run
}
