/** One run: a world, its people, their faults; then calm, and the question whether everything holds. */
import type { Aim, Coverage } from './coverage.ts'
import { type LoadedFunction, services } from './functions.ts'
import { gateTo } from './gate.ts'
import type { Json } from './http.ts'
import { type Broken, brokenInvariants, type End } from './invariants.ts'
import { createObserver, plain } from './observer.ts'
import { createPeople, type People } from './people.ts'
import { noteReached } from './reached.ts'
import { createShop, type Shop } from './shop.ts'
import type { Backend } from './store.ts'
import { takesPart } from './taking-part.ts'
import { createWorld, type Injected, Violation, type World } from './world.ts'

export type RunOptions = {
  seed: number
  /** Who comes, by number; each places one order at most. */
  shoppers: readonly number[]
  /** Names of the only faults that may happen; undefined: whatever the seed decides. */
  only?: ReadonlySet<string> | undefined
  history?: (line: string) => void
  /** A call that is to be crashed, if the run comes to it. */
  aim?: Aim | undefined
  coverage?: Coverage
}

export type RunResult = {
  seed: number
  broken: Broken | undefined
  /** Whether the call that was aimed at was crashed. */
  isHit: boolean
  faults: readonly Injected[]
  reached: ReadonlySet<string>
}

/** The doors through which calls of functions leave; they lead into the run that is on. */
export type SwitchableDoors = { gate: ReturnType<typeof gateTo> | undefined; fetch: typeof fetch | undefined }

const minute = 60_000
/** Past the confirmation's deadline, past every visibility, past the right of return. */
const calmMs = [20 * minute, 70 * minute, 31 * 24 * 60 * minute, 20 * minute] as const

const endOf = async (shop: Shop): Promise<End> => {
  const entries = services.map(
    async ({ name }): Promise<[string, Json[]]> => [name, (await shop.items(name)).map(plain)],
  )
  return Object.fromEntries(await Promise.all(entries)) as unknown as End
}

/** Whatever is asked in the end is asked while the world runs. */
const during = async <T>(world: World, work: Promise<T>): Promise<T> => {
  const [outcome] = await Promise.all([work, Promise.resolve().then(() => world.run())])
  return outcome
}

const comeToRest = async (shop: Shop, people: People): Promise<void> => {
  const { world, queues, schedules } = shop
  world.stopFaults()
  for (const [round, pause] of calmMs.entries()) {
    world.passTime(pause)
    queues.redrive()
    schedules.tick()
    await world.run()
    if (round === 0) {
      const orders = (await shop.items('orders')).map(plain).filter(({ sk }) => sk === 'order')
      people.finish(orders.map(({ id }) => String(id)))
      await world.run()
    }
  }
}

/** @param doors where this run's gate is put, for all calls of the functions */
export const simulate = async (
  { seed, shoppers, only, history, coverage, aim }: RunOptions,
  functions: ReadonlyMap<string, LoadedFunction>,
  backend: Backend,
  doors: SwitchableDoors,
): Promise<RunResult> => {
  let isHit = false
  const present = [...functions].flatMap(([name, { service }]) => (takesPart(seed, service) ? [name] : []))
  const world = createWorld({ seed, functions: present, focus: aim?.site.split(' ')[0], only, history })
  const observer = createObserver(world)
  const shop = await createShop(world, functions, backend, observer)
  doors.gate = gateTo(shop.act, shop.inPart, coverage, aim, () => {
    isHit = true
  })
  doors.fetch = shop.fetch
  const people = createPeople(world, shop.http, shop.bus)
  const outcome = (broken: Broken | undefined): RunResult => ({
    seed,
    broken,
    isHit,
    faults: world.injected,
    reached: world.reached,
  })
  try {
    people.begin(shoppers)
    shop.schedules.start()
    await world.run()
    await comeToRest(shop, people)
    const end = await endOf(shop)
    noteReached(world, end)
    const broken = await during(world, brokenInvariants(world, end, people, observer, shop.bus, shop.queues))
    return outcome(broken[0])
  } catch (error) {
    if (error instanceof Violation) return outcome({ invariant: error.invariant, detail: error.message })
    throw error
  }
}
