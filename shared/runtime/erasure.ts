/**
 * Erasing a person from a service's table. A mark goes first and stays: a function that is about to write something of a person
 * anew looks for it, so that what comes late brings nobody back. The mark names them by a hash only.
 */
import { createHash } from 'node:crypto'
import * as z from 'zod/mini'
import type { PersonErased } from '../contract/personal-data.ts'
import { erasedUserId } from '../domain/erased-user.ts'
import { isoTime, now } from './clock.ts'
import { newEvent, nextVersion } from './outbox.ts'
import { type Change, type Item, type Key, notThere, type Table, versionIs } from './table.ts'

const StoredMark = z.object({
  erasureId: z.string(),
  begunAt: z.string(),
  finishedAt: z.optional(z.string()),
  version: z.int(),
  sequence: z.int(),
})
type Mark = z.infer<typeof StoredMark>

/** Longer than any message can be late: a day on the bus, hours until its function takes it, 14 days among the dead letters, and given again. */
const keptSeconds = 120 * 24 * 60 * 60

/** Where the mark of a person stands. */
export const eraseMarkKey = (userId: string): Key => ({
  pk: `erased#${createHash('sha256').update(userId).digest('base64url')}`,
  sk: 'erased',
})

const newMark = (erasureId: string, nowMs: number): Mark => ({
  erasureId,
  begunAt: isoTime(nowMs),
  version: 1,
  sequence: 0,
})

/** Sets the mark in a transaction that does more; fails where there is one. @param nowMs milliseconds since the epoch */
export const setEraseMark = (userId: string, erasureId: string, nowMs: number): Change<'marked'> => ({
  put: { ...eraseMarkKey(userId), ...newMark(erasureId, nowMs) },
  when: notThere,
  else: 'marked',
})

/** The erasure whose mark is among the items that were read. */
export const erasureIdIn = (items: readonly Item[]): string | undefined => {
  const mark = items.find(({ sk }) => sk === 'erased')
  return mark && StoredMark.parse(mark).erasureId
}

/** Whether a person has asked to be erased here. One read; none for an erased one. */
export const isErased = async (table: Pick<Table, 'get'>, userId: string): Promise<boolean> =>
  userId === erasedUserId || (await table.get(eraseMarkKey(userId))) !== undefined

/** For a write that must not happen once a person has asked to be erased, as one more change of its transaction. */
export const notErased = (userId: string): Change<'erased'> => ({
  check: eraseMarkKey(userId),
  when: notThere,
  else: 'erased',
})

const begin = async (table: Table, userId: string, erasureId: string, nowMs: number): Promise<Mark> => {
  const written = await table.write([setEraseMark(userId, erasureId, nowMs)])
  return written.ok || !written.item ? newMark(erasureId, nowMs) : StoredMark.parse(written.item)
}

const finish = async (table: Table, userId: string, mark: Mark, said: PersonErased) => {
  const { erasureId } = mark
  const nowMs = now()
  const newEvents = [newEvent(said, { erasureId, service: said.service })]
  await table.write([
    {
      put: {
        ...eraseMarkKey(userId),
        ...mark,
        finishedAt: isoTime(nowMs),
        expiresAt: Math.floor(nowMs / 1000) + keptSeconds,
        ...nextVersion(`${said.service}-${erasureId}`, mark, newEvents),
      },
      // Lost against another delivery, which has said the same.
      when: versionIs(mark.version),
      else: 'raced',
    },
  ])
}

/**
 * What the `erase-person` consumer of a service does. It is told until it has said that it is done, and once more a while later,
 * for what was being written while the mark was set.
 * @param personErased is published once everything is gone
 * @param erase erases what there is, as far as one run may take, and says whether nothing is left
 */
export const eraseAndReport = async (
  table: Table,
  personErased: PersonErased,
  { userId, erasureId }: { userId: string; erasureId: string },
  erase: () => Promise<boolean>,
): Promise<void> => {
  const mark = await begin(table, userId, erasureId, now())
  const isGone = await erase()
  if (mark.finishedAt === undefined) {
    if (isGone) await finish(table, userId, mark, personErased)
    return
  }
  if (!isGone) throw new Error(`${erasureId} was finished, and something has come after it that cannot go yet`)
}

/** Pages of one run: a person with more is finished by the next runs. */
const maxPages = 40

/**
 * Works through all that belongs to a person, page by page, the things of a page side by side.
 * @param work gives false for what has to stay for now @returns whether nothing is left
 */
export const throughPages = async <T>(
  read: (startKey: Item | undefined) => Promise<{ found: readonly T[]; lastKey: Item | undefined }>,
  work: (one: T) => Promise<boolean>,
): Promise<boolean> => {
  let isGone = true
  let startKey: Item | undefined
  for (let pages = 0; pages < maxPages; pages += 1) {
    const page = await read(startKey)
    const outcomes = await Promise.all(page.found.map(work))
    isGone &&= outcomes.every(Boolean)
    if (page.lastKey === undefined) return isGone
    startKey = page.lastKey
  }
  return false
}
