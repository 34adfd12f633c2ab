/** Looks at every write of every function, at the moment it is made, and says which invariant it breaks. */
import { isDeepStrictEqual } from 'node:util'
import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import type { AttributeMap, Write } from '../../cloud/model/model.ts'
import { maxSkewMs, type RunContext } from '../../world/run-context.ts'
import { createRatingsObserver } from '../ratings.ts'
import type { Look } from './postconditions.ts'
import { createSteps } from './steps.ts'

export type Observer = {
  onWrite(write: Write): void
  /** To be called when a call of the database is through, with all its writes. */
  afterCall(): void
  /** Every event that was written in an outbox: its id, by aggregate and number. */
  events: ReadonlyMap<string, string>
  /** Orders that were taken out of their carts. */
  cleared: ReadonlySet<string>
  look: Look
}

const numberOf = (value: AttributeValue | undefined): number => Number(value?.N ?? Number.NaN)
const textOf = (value: AttributeValue | undefined): string => value?.S ?? ''

type Check = (write: Write) => string | undefined

/** S1: nothing below zero, and what is available is what is on hand and not reserved. */
const stockHolds: Check = ({ after }) => {
  if (!after) return 'a stock item was deleted'
  const [onHand, reserved, available] = [after.onHand, after.reserved, after.available].map(numberOf)
  if (onHand === undefined || reserved === undefined || available === undefined) return 'a stock item lost its numbers'
  return onHand >= 0 && reserved >= 0 && available >= 0 && available === onHand - reserved
    ? undefined
    : `${textOf(after.sku)}: ${onHand} on hand, ${reserved} reserved, ${available} available`
}

const timelineOf = (item: AttributeMap | undefined): string[] =>
  (item?.timeline?.L ?? []).map(({ M }) => `${textOf(M?.at)} ${textOf(M?.status)}`)

/** Said here once more, and not taken from the shop: a mistake there must be seen. */
const follows: Readonly<Record<string, readonly string[]>> = {
  placed: ['awaiting-payment', 'cancelled'],
  'awaiting-payment': ['confirmed', 'cancelled'],
  confirmed: ['shipped', 'delivered', 'cancelled'],
  shipped: ['delivered', 'returned'],
  delivered: ['completed', 'returned'],
  completed: ['returned'],
  returned: [],
  cancelled: [],
}

const isPossible = (from: string, to: string): boolean => (follows[from] ?? []).includes(to)

/** O3: an order follows the transition table, also where one write takes it several steps; its version grows by one, its history is only added to. */
const orderFollows: Check = ({ key, before, after }) => {
  if (!after) return `${key.pk} was deleted`
  const [from, to] = [textOf(before?.status), textOf(after.status)]
  const steps = timelineOf(after)
    .slice(timelineOf(before).length)
    .map((entry) => entry.slice(entry.indexOf(' ') + 1))
  const wrong = before
    ? [from, ...steps].findIndex((status, index, all) => index > 0 && !isPossible(all[index - 1] ?? '', status))
    : -1
  if (wrong > 0 || (steps.at(-1) ?? from) !== to || (!before && to !== 'placed'))
    return `${key.pk} went from ${from || 'nothing'} by ${steps.join(', ')} to ${to}`
  if (numberOf(after.version) !== (before ? numberOf(before.version) : 0) + 1) return `${key.pk} skipped a version`
  const [history, longer] = [timelineOf(before), timelineOf(after)]
  return history.every((entry, index) => entry === longer[index]) ? undefined : `${key.pk}: its history was rewritten`
}

const refundedOf = (item: AttributeMap): number =>
  (item.refunds?.L ?? []).reduce((sum, { M }) => sum + (M?.done?.BOOL ? numberOf(M.amountMinor) : 0), 0)

const promisedOf = (item: AttributeMap): number =>
  (item.refunds?.L ?? []).reduce((sum, { M }) => sum + numberOf(M?.amountMinor), 0)

/** M1: captured at most what was authorized, given back at most what was captured, promised at most what was paid. */
const paymentHolds: Check = ({ key, after }) => {
  if (!after) return `${key.pk} was deleted`
  const [captured, refunded] = [numberOf(after.capturedMinor), refundedOf(after)]
  const [total, promised] = [numberOf(after.totalMinor), promisedOf(after)]
  return captured <= total && refunded <= captured && promised <= total
    ? undefined
    : `${key.pk}: ${captured} captured of ${total}, ${refunded} refunded of ${promised} promised`
}

/** M1, at the provider: the money that really moved. */
const intentHolds: Check = ({ key, after }) => {
  if (!after) return `${key.pk} was deleted`
  const [captured, refunded] = [numberOf(after.capturedMinor), numberOf(after.refundedMinor)]
  return captured <= numberOf(after.amountMinor) && refunded <= captured
    ? undefined
    : `${key.pk}: the provider took ${captured} of ${numberOf(after.amountMinor)} and gave ${refunded} back`
}

const journalOf = (item: AttributeMap | undefined): AttributeMap[] => (item?.journal?.L ?? []).map(({ M }) => M ?? {})

/** M3: each entry of a journal sums to zero, a step is booked once, and what is booked stays as it is. */
const journalHolds: Check = ({ key, before, after }) => {
  const [booked, journal] = [journalOf(before), journalOf(after)]
  for (const { step, postings } of journal) {
    const balance = (postings?.L ?? []).reduce((sum, { M }) => sum + numberOf(M?.amountMinor), 0)
    if (balance !== 0) return `${textOf(step)} of ${key.pk} sums to ${balance}`
  }
  if (new Set(journal.map(({ step }) => textOf(step))).size < journal.length) return `${key.pk} has a step booked twice`
  return isDeepStrictEqual(journal.slice(0, booked.length), booked)
    ? undefined
    : `the journal of ${key.pk} was rewritten`
}

const restsAt: Readonly<Record<string, readonly string[]>> = {
  rejected: [],
  released: [],
  committed: [],
  reserved: ['releasing', 'committing', 'released', 'committed'],
}

/** S3: once rejected, released or committed, a reservation stays so. */
const reservationRests: Check = ({ key, before, after }) => {
  const [from, to] = [textOf(before?.state), textOf(after?.state)]
  if (!after) return `${key.pk} was deleted`
  const possible = restsAt[from]
  return possible && from !== to && !possible.includes(to) ? `${key.pk} went from ${from} to ${to}` : undefined
}

/** Authorized, or more: staff may capture at once, and give some of it back. */
const hasMoney = ['authorized', 'captured', 'partially-refunded', 'refunded']

export const createObserver = (run: RunContext): Observer => {
  const events = new Map<string, string>()
  const latest = new Map<string, AttributeMap>()
  const ratings = createRatingsObserver(run)
  const look: Look = (table, pk, sk) => {
    const item = latest.get(`${table} ${sk} ${pk}`)
    return item && plain(item)
  }
  const steps = createSteps(run, look)

  const check = (invariant: string, write: Write, holds: Check): void => {
    const broken = holds(write)
    if (broken) run.violate(invariant, broken)
  }

  /** O4: at the moment of its confirmation an order has its stock and its money, and its time is not over. */
  const confirmationHolds: Check = ({ before, after }) => {
    if (textOf(after?.status) !== 'confirmed' || textOf(before?.status) === 'confirmed') return undefined
    const id = textOf(after?.id)
    const overMs = run.nowMs - Date.parse(textOf(before?.deadline))
    if (overMs > maxSkewMs) return `${id} was confirmed ${Math.round(overMs)} ms after its time`
    const reservation = textOf(latest.get(`inventory reservation reservation#${id}`)?.state)
    const payment = textOf(latest.get(`payments payment payment#${id}`)?.status)
    return reservation === 'reserved' && hasMoney.includes(payment)
      ? undefined
      : `${id} was confirmed while its reservation was ${reservation || 'missing'} and its payment ${payment || 'missing'}`
  }

  /** E3: of one service a number means one event, numbers have no gaps. */
  const noteEvents = ({ table, key, after }: Write): void => {
    if (!after?.outbox?.L || numberOf(after.outboxVersion) !== numberOf(after.version)) return
    const first = numberOf(after.sequence) - after.outbox.L.length + 1
    for (const [index, { M }] of after.outbox.L.entries()) {
      const aggregate = textOf(M?.aggregateId)
      const name = `${table} ${key.pk} ${aggregate} ${first + index}`
      const known = events.get(name)
      if (known !== undefined && known !== textOf(M?.id)) run.violate('E3', `${name} means two events`)
      if (first + index > 1 && !events.has(`${table} ${key.pk} ${aggregate} ${first + index - 1}`))
        run.violate('E3', `${name} leaves a gap`)
      events.set(name, textOf(M?.id))
    }
  }

  const checks: Readonly<Record<string, (write: Write) => void>> = {
    'inventory stock': (write) => check('S1', write, stockHolds),
    'inventory reservation': (write) => check('S3', write, reservationRests),
    'orders order': (write) => {
      check('O3', write, orderFollows)
      check('O4', write, confirmationHolds)
    },
    'payments payment': (write) => {
      check('M1', write, paymentHolds)
      check('M3', write, journalHolds)
    },
    'payments intent': (write) => check('M1', write, intentHolds),
  }

  return {
    events,
    cleared: steps.cleared,
    look,
    onWrite(write) {
      const { table, key, after } = write
      noteEvents(write)
      ratings.onWrite(write)
      steps.onWrite(write, plain)
      checks[`${table} ${key.sk}`]?.(write)
      if (after) latest.set(`${table} ${key.sk} ${key.pk}`, after)
      else latest.delete(`${table} ${key.sk} ${key.pk}`)
    },
    afterCall() {
      ratings.afterCall()
      steps.afterCall()
    },
  }
}

export const plain = (item: AttributeMap): Record<string, unknown> => unmarshall(item)
