/** One run: its people, their faults; then calm, and the question whether everything holds. */

import { createPeople, type People } from '../actors/people.ts'
import type { Json } from '../cloud/http.ts'
import type { Backend } from '../cloud/store.ts'
import type { Coverage, Crash } from '../faults/coverage.ts'
import { gateTo } from '../faults/gate.ts'
import { noteGoals } from '../invariants/coverage-goals.ts'
import { createObserver, plain } from '../invariants/every-step/observer.ts'
import { brokenInvariants } from '../invariants/in-the-end/invariants.ts'
import type { Broken, End } from '../world/final-state.ts'
import { type LoadedFunction, services } from '../world/functions.ts'
import { createRunContext, type Injected, type RunContext, Violation } from '../world/run-context.ts'
import { takesPart } from '../world/sampling.ts'
import { createShop, type Shop } from '../world/shop.ts'

export type RunOptions = {
  seed: number
  /** Who comes, by number; each places one order at most. */
  shoppers: readonly number[]
  /** Names of the only faults that may happen; undefined: whatever the seed decides. */
  only?: ReadonlySet<string> | undefined
  history?: (line: string) => void
  /** Calls that end their function, beside whatever the seed decides. */
  crashes?: readonly Crash[]
  coverage?: Coverage
}

export type RunResult = {
  seed: number
  broken: Broken | undefined
  faults: readonly Injected[]
  reached: ReadonlySet<string>
}

/** The doors through which calls of functions leave; they lead into the run that is on. */
export type SwitchableDoors = { gate: ReturnType<typeof gateTo> | undefined; fetch: typeof fetch | undefined }

const minute = 60_000
/** Past the confirmation's deadline, past every visibility, past the right of return. */
const calmMs = [20 * minute, 70 * minute, 31 * 24 * 60 * minute, 20 * minute] as const

const endOf = async (shop: Shop): Promise<End> => {
  const tables = services.flatMap(({ name, tables: further = {} }) => [name, ...Object.keys(further)])
  const entries = tables.map(async (name): Promise<[string, Json[]]> => [name, (await shop.items(name)).map(plain)])
  const all = Object.fromEntries(await Promise.all(entries))
  const of = (name: keyof End): Json[] => {
    const items = all[name]
    if (items === undefined) throw new Error(`no service has a table ${name}`)
    return items
  }
  return {
    ...all,
    orders: of('orders'),
    payments: of('payments'),
    inventory: of('inventory'),
    catalog: of('catalog'),
    search: of('search'),
    shipping: of('shipping'),
    carts: of('carts'),
    reviews: of('reviews'),
    relations: of('relations'),
    notifications: of('notifications'),
    identity: of('identity'),
  }
}

/** Whatever is asked in the end is asked while the run goes on. */
const during = async <T>(run: RunContext, work: Promise<T>): Promise<T> => {
  const [outcome] = await Promise.all([work, Promise.resolve().then(() => run.untilIdle())])
  return outcome
}

/** Enough for whoever comes by again: past every visibility, and past what sweeps wait before they look at something. */
const recoveryMs = [20 * minute, 70 * minute] as const

/** @param crashes how often a call has ended its function by wish; this may happen in the calm, too, and is its last fault */
const comeToRest = async (shop: Shop, people: People, crashes: () => number): Promise<void> => {
  const { run, queues, schedules } = shop
  run.stopFaults()
  const pauses: number[] = [...calmMs]
  let before = crashes()
  for (let round = 0; round < pauses.length; round += 1) {
    run.passTime(pauses[round] ?? 0)
    queues.redrive()
    schedules.tick()
    await run.untilIdle()
    if (round === 0) {
      const orders = (await shop.items('orders')).map(plain).filter(({ sk }) => sk === 'order')
      // Stores tell of their items each in an order of its own.
      people.finish(orders.map(({ id }) => String(id)).sort())
      await run.untilIdle()
    }
    if (crashes() > before) pauses.push(...recoveryMs)
    before = crashes()
  }
}

/** @param doors where this run's gate is put, for all calls of the functions */
export const simulate = async (
  { seed, shoppers, only, history, coverage, crashes = [] }: RunOptions,
  functions: ReadonlyMap<string, LoadedFunction>,
  backend: Backend,
  doors: SwitchableDoors,
): Promise<RunResult> => {
  let crashed = 0
  const present = [...functions].flatMap(([name, { service }]) => (takesPart(seed, service) ? [name] : []))
  const run = createRunContext({ seed, functions: present, only, history })
  const observer = createObserver(run)
  const shop = await createShop(run, functions, backend, observer)
  const { act, inPart } = shop
  const onCrash = () => {
    crashed += 1
  }
  doors.gate = gateTo({ act, inPart, coverage, crashes, onCrash })
  doors.fetch = shop.fetch
  const people = createPeople(run, shop.http, shop.bus)
  const outcome = (broken: Broken | undefined): RunResult => ({
    seed,
    broken,
    faults: run.injected,
    reached: run.reached,
  })
  try {
    people.begin(shoppers)
    shop.schedules.start()
    await run.untilIdle()
    await comeToRest(shop, people, () => crashed)
    const end = await endOf(shop)
    noteGoals(run, end)
    const broken = await during(run, brokenInvariants(run, end, people, observer, shop.bus, shop.queues))
    return outcome(broken[0])
  } catch (error) {
    if (error instanceof Violation) return outcome({ invariant: error.invariant, detail: error.message })
    throw error
  }
}
