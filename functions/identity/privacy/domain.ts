/**
 * The erasure of a person, from the wish to the last service that has done it. Pure. Everyone is told until they have done
 * it, and once more after that, for what was being written at that very moment.
 */

export type Erasure = {
  /** Unguessable: whoever knows it may see how far the erasure is. */
  id: string
  /** Whom it is about, as long as somebody has to be told; then nobody knows any more. */
  userId?: string | undefined
  requestedAt: string
  services: readonly { service: string; finishedAt?: string | undefined }[]
  /** How often the request was published. */
  rounds: number
  /** It was published once more after all had finished. */
  hasLookedAgain: boolean
  /** When to go on with it: RFC 3339. */
  dueAt?: string | undefined
  version: number
  sequence: number
}

/**
 * A function that was already running when its service was told may write for so long after. It is also the first pause before
 * a service is told again that has not said anything; each later one is twice as long as the one before.
 */
const pauseMs = 75_000
const longestPauseMs = 6 * 60 * 60_000

const day = 24 * 60 * 60_000
/** After so long something is wrong. While orders are under way it takes as long as they do; the law leaves a month. */
const patience = { settledMs: day, underWayMs: 20 * day } as const

const iso = (ms: number): string => new Date(ms).toISOString()

export const isFinished = ({ services }: Pick<Erasure, 'services'>): boolean =>
  services.every(({ finishedAt }) => finishedAt !== undefined)

/** Whether no order of theirs is under way any more: what is needed to fulfil one goes only then. */
export const ordersSettled = ({ services }: Pick<Erasure, 'services'>): boolean =>
  services.some(({ service, finishedAt }) => service === 'orders' && finishedAt !== undefined)

/** The request has just been published. */
const told = (erasure: Erasure, atMs: number): Erasure => ({
  ...erasure,
  rounds: erasure.rounds + 1,
  dueAt: iso(atMs + Math.min(longestPauseMs, pauseMs * 2 ** erasure.rounds)),
})

/** @param atMs milliseconds since the epoch, as everywhere here */
export const newErasure = (wish: { id: string; userId: string; services: readonly string[]; atMs: number }): Erasure =>
  told(
    {
      id: wish.id,
      userId: wish.userId,
      requestedAt: iso(wish.atMs),
      services: wish.services.map((service) => ({ service })),
      rounds: 0,
      hasLookedAgain: false,
      version: 0,
      sequence: 0,
    },
    wish.atMs,
  )

/** What becomes of an erasure, and whether everyone is to be told (again). */
export type Step = { erasure: Erasure; tell: boolean }

/**
 * A service has finished. Once the orders are settled, those who waited for that are told at once.
 * @returns undefined when that was known, or the service is none of those that are waited for
 */
export const finished = (erasure: Erasure, service: string, atMs: number): Step | undefined => {
  const before = erasure.services.find((one) => one.service === service)
  if (!before || before.finishedAt !== undefined) return undefined
  const services = erasure.services.map((one) => (one === before ? { service, finishedAt: iso(atMs) } : one))
  const after = { ...erasure, services }
  if (isFinished(after)) return { erasure: { ...after, dueAt: iso(atMs + pauseMs) }, tell: false }
  return service === 'orders' ? { erasure: told(after, atMs), tell: true } : { erasure: after, tell: false }
}

/**
 * Its time has come: tells again whoever has not finished, or looks once more whether something was left, or forgets
 * whom it was about. @returns undefined when it is not due
 */
export const due = (erasure: Erasure, atMs: number): Step | undefined => {
  if (erasure.dueAt === undefined || Date.parse(erasure.dueAt) > atMs) return undefined
  if (!isFinished(erasure)) return { erasure: told(erasure, atMs), tell: true }
  if (erasure.hasLookedAgain) return { erasure: { ...erasure, userId: undefined, dueAt: undefined }, tell: false }
  const again = { ...erasure, rounds: erasure.rounds + 1, hasLookedAgain: true, dueAt: iso(atMs + pauseMs) }
  return { erasure: again, tell: true }
}

/** Whether a person should see why it takes so long. */
export const isOverdue = (erasure: Erasure, atMs: number): boolean =>
  !isFinished(erasure) &&
  atMs - Date.parse(erasure.requestedAt) > (ordersSettled(erasure) ? patience.settledMs : patience.underWayMs)

/** How fresh a log-in must be to count without a password: as long as the access token that it gave. Seconds. */
const freshSeconds = 15 * 60

/** Whether someone has shown their password just now. */
export const isFreshLogin = (authenticatedAt: number | undefined, atMs: number): boolean =>
  authenticatedAt !== undefined && atMs / 1000 - authenticatedAt < freshSeconds
