/**
 * A few people who come to know each other: they follow and stop, wish for things, show what they do or hide it, and one may
 * wish to be erased. Profiles and wishlists are outside of the simulation, and identity does not know these people, so what they say is
 * put on the bus as it would come.
 */
import { userErasureRequested } from '../../../../functions/published/identity.ts'
import { profileUpdated } from '../../../../functions/published/profiles.ts'
import { wishlistItemAdded } from '../../../../functions/published/wishlist.ts'
import type { EventDeclaration } from '../../../../shared/contract/event.ts'
import { sourceOf } from '../../../../shared/contract/event.ts'
import { isoTime } from '../../../../shared/runtime/clock.ts'
import type { Bus } from '../cloud/bus.ts'
import type { Caller, Http } from '../cloud/http.ts'
import { ulidOf } from '../world/decide.ts'
import type { RunContext } from '../world/run-context.ts'
import { takesPart } from '../world/sampling.ts'
import { type BackgroundRequest, sendBackgroundRequests } from './background-requests.ts'
import { moment } from './fixtures.ts'

const names = ['friend 1', 'friend 2', 'friend 3'] as const
const acts = 4

/** How they look at each other. */
const around = (userId: string): readonly BackgroundRequest[] => [
  ['relations/list-followers', { params: { userId } }],
  ['relations/list-following', { params: { userId } }],
  ['relations/read-relations', { params: { userId } }],
  ['relations/list-friends', {}],
  ['relations/read-feed', {}],
  ['notifications/list-notifications', {}],
]

export const createSocial = (run: RunContext, http: Http, bus: Bus) => {
  const people = names.map((name) => ({
    name,
    caller: { sub: `usr_${ulidOf(run.seed, name, run.nowMs)}`, scope: 'shop' } satisfies Caller,
    /** Numbers of what their profile has said. */
    said: 0,
    /** RFC 3339; absent while they hide what they do. */
    shownSince: undefined as string | undefined,
  }))
  type Member = (typeof people)[number]

  const say = (declaration: EventDeclaration, aggregateId: string, sequence: number, data: object): void => {
    const { type, schemaVersion } = declaration
    const id = `evt_${ulidOf(run.seed, `${type} ${aggregateId} ${sequence}`, run.nowMs)}`
    const traceparent = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`
    const event = { id, type, schemaVersion, time: isoTime(run.nowMs), aggregateId, sequence, traceparent, data }
    bus.put([{ Source: sourceOf(declaration), DetailType: type, Detail: JSON.stringify(event) }])
  }
  const sayProfile = (member: Member, showsActivity: boolean): void => {
    const { sub: userId } = member.caller
    member.said += 1
    member.shownSince = showsActivity ? (member.shownSince ?? isoTime(run.nowMs)) : undefined
    const shown = { userId, nickname: '', avatarUrl: '/avatars/default.svg', showsActivity }
    const data = member.shownSince === undefined ? shown : { ...shown, showsActivitySince: member.shownSince }
    say(profileUpdated, userId, member.said, data)
  }

  /** Impatient people press twice; some change their minds at once. */
  const relate = async ({ name, caller }: Member, other: Member, number: number): Promise<void> => {
    const stops = run.chance(`${name} stops ${number}`) < 0.35
    const ask = (path: string, again: string) =>
      http.ask(path, `${name} ${path} ${number}${again}`, { caller, params: { userId: other.caller.sub } })
    const [endpoint, opposite] = stops
      ? (['relations/unfollow-user', 'relations/follow-user'] as const)
      : (['relations/follow-user', 'relations/unfollow-user'] as const)
    await Promise.all([
      ask(endpoint, ''),
      run.chance(`${name} presses twice ${number}`) < 0.3 ? ask(endpoint, ' again') : undefined,
      run.chance(`${name} cannot decide ${number}`) < 0.1 ? ask(opposite, '') : undefined,
    ])
  }

  const live = async (member: Member): Promise<void> => {
    const { name, caller } = member
    const others = people.filter((other) => other !== member)
    if (run.chance(`${name} shows`) < 0.8) sayProfile(member, true)
    for (let number = 1; number <= acts; number += 1) {
      await run.sleep(run.pick(`${name} acts after ${number}`, moment))
      const other = others[run.chance(`${name} meets ${number}`) < 0.5 ? 0 : 1]
      if (!other) return
      await relate(member, other, number)
      if (run.chance(`${name} wishes ${number}`) < 0.4)
        say(wishlistItemAdded, `wishes of ${name}`, number, { userId: caller.sub, sku: `SKU-${number}` })
      if (run.chance(`${name} hides or shows ${number}`) < 0.15)
        sayProfile(member, run.chance(`${name} hides ${number}`) < 0.5)
      await sendBackgroundRequests({ run, http }, caller, `${name} looks around ${number}`, around(other.caller.sub))
    }
  }

  let erased: string | undefined
  let timesAsked = 0
  const sayErased = (userId: string): void => {
    erased = userId
    timesAsked += 1
    const erasureId = `ers_${userId.slice(-22)}${'0'.repeat(21)}`
    say(userErasureRequested, erasureId, timesAsked, { userId, erasureId, ordersSettled: true })
  }
  /** While the others, and they themselves, go on for a while. */
  const eraseSomebody = async (): Promise<void> => {
    if (run.chance('a friend is erased') >= 0.4) return
    await run.sleep(run.pick('a friend is erased after', moment))
    const [member] = people
    if (member) sayErased(member.caller.sub)
  }

  return {
    async begin(): Promise<void> {
      if (takesPart(run.seed, 'relations')) await Promise.all([...people.map(live), eraseSomebody()])
    },
    /** As identity does: asks again, for what was being written while it asked first. */
    async askAgain(): Promise<void> {
      if (erased !== undefined) sayErased(erased)
    },
    erased: () => erased,
  }
}
