/**
 * Makes this process a place for simulations, before any function is loaded: the few modules that touch the outside are
 * replaced, timers and clocks of libraries are virtual inside of invocations, and every call of AWS stops at the gate. A sabotage is a change of a source text on its way into the process.
 */
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import type { Sabotage } from '../sabotages/sabotages.ts'
import type { Appointment } from './agenda.ts'
import { currentInvocation, numbered } from './invocation.ts'
import { callsOfAwsGoTo, type Gate } from './stand-ins/ask.ts'

const project = new URL('../../../../', import.meta.url).href
const standIns = new Map(
  [
    'shared/runtime/aws/ask',
    'shared/runtime/clock',
    'shared/runtime/settings',
    'shared/runtime/invoke',
    'functions/inventory/chunk-sizes',
  ].map((name) => [
    `${project}${name}.ts`,
    new URL(`./stand-ins/${name.replace(/^.*\//, '')}.ts`, import.meta.url).href,
  ]),
)

/** @throws Error when the text to change is not there exactly once: the sabotage no longer fits the source */
const sabotaged = (source: string, file: string, edits: Sabotage['edits']): string =>
  edits.reduce((text, { from, to }) => {
    if (text.split(from).length !== 2) throw new Error(`"${from}" must stand in ${file} exactly once`)
    return text.replace(from, () => to)
  }, source)

const replaceModules = (sabotage: Sabotage | undefined): void => {
  registerHooks({
    resolve(specifier, context, next) {
      const resolved = next(specifier, context)
      const standIn = standIns.get(resolved.url)
      // Stand-ins may look at what they stand for: its types.
      return standIn && context.parentURL !== standIn ? { ...resolved, url: standIn } : resolved
    },
    load(url, context, next) {
      const file = url.slice(project.length)
      const edits = sabotage?.edits.filter((edit) => edit.file === file) ?? []
      if (edits.length === 0) return next(url, context)
      return { ...next(url, context), source: sabotaged(readFileSync(new URL(url), 'utf8'), file, edits) }
    },
  })
}

const real = {
  setTimeout: globalThis.setTimeout,
  clearTimeout: globalThis.clearTimeout,
  now: Date.now,
  random: Math.random,
}

/** What a library gets from a virtual `setTimeout`: enough to clear it, and to let the process end. */
class VirtualTimer {
  readonly appointment: Appointment
  constructor(appointment: Appointment) {
    this.appointment = appointment
  }
  ref(): this {
    return this
  }
  unref(): this {
    return this
  }
}

/** Retries and deadlines of libraries run by the virtual clock, wherever they run inside of an invocation. */
const makeTimeVirtual = (): void => {
  const setVirtualTimeout = (work: (...given: unknown[]) => void, delayMs = 0, ...given: unknown[]): unknown => {
    const invocation = currentInvocation()
    if (!invocation) return real.setTimeout(work, delayMs, ...given)
    const { run } = invocation
    return new VirtualTimer(
      run.at(delayMs, () => {
        if (!invocation.ended) work(...given)
      }),
    )
  }
  const clearVirtualTimeout = (timer: unknown): void => {
    if (timer instanceof VirtualTimer) timer.appointment.cancelled = true
    else real.clearTimeout(timer as NodeJS.Timeout | undefined)
  }
  Object.assign(globalThis, { setTimeout: setVirtualTimeout, clearTimeout: clearVirtualTimeout })
  Date.now = () => Math.floor(currentInvocation()?.run.nowMs ?? real.now())
  Math.random = () => {
    const invocation = currentInvocation()
    return invocation
      ? invocation.run.chance(`${invocation.name} Math.random ${numbered(invocation, 'Math.random')}`)
      : real.random()
  }
}

const stopRequestsAt = (answer: typeof fetch): void => {
  const realFetch = globalThis.fetch
  globalThis.fetch = (...request) => (currentInvocation() ? answer(...request) : realFetch(...request))
}

export type Doors = { gate: Gate; fetch: typeof fetch }

/** To be called once in a process, before the functions are imported. */
export const install = (doors: Doors, sabotage: Sabotage | undefined): void => {
  replaceModules(sabotage)
  makeTimeVirtual()
  callsOfAwsGoTo(doors.gate)
  stopRequestsAt(doors.fetch)
}
