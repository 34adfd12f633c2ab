/** The next step in the life of a stage's signing keys. Pure: times are milliseconds since the epoch. */
import { beginOf, outlivesMs, type SigningKey } from '../../../shared/contract/signing-keys.ts'

/** API Gateway keeps what the issuer published for two hours: a key that signs earlier is not known everywhere. */
export const leastNoticeMs = 3 * 60 * 60_000

export type Step =
  /** `next` is new: published from the deployment on, and signing from `atMs`. */
  | { kind: 'published'; keys: SigningKey[]; next: string; atMs: number }
  /** Nothing is to be done before `untilMs`. */
  | { kind: 'waiting'; next: string; atMs: number; untilMs: number }
  /** The keys before the one that signs have ended. */
  | { kind: 'dropped'; keys: SigningKey[]; ended: string[] }

const nameAfter = (keys: readonly SigningKey[]): string => {
  const numbers = keys.map(({ name }) => Number(/(\d+)$/.exec(name)?.[1] ?? 0))
  return `key-${Math.max(...numbers) + 1}`
}

/** @param noticeMs from now until the new key signs: the deployment falls into it */
export const nextStep = (keys: readonly SigningKey[], nowMs: number, noticeMs: number): Step => {
  const newest = keys.at(-1)
  if (newest === undefined) throw new RangeError('a stage has one key at least')
  if (keys.length === 1) {
    const atMs = Math.ceil((nowMs + noticeMs) / 60_000) * 60_000
    const next: SigningKey = { name: nameAfter(keys), signsFrom: new Date(atMs).toISOString() }
    return { kind: 'published', keys: [...keys, next], next: next.name, atMs }
  }
  const [atMs, untilMs] = [beginOf(newest), beginOf(newest) + outlivesMs]
  if (nowMs < untilMs) return { kind: 'waiting', next: newest.name, atMs, untilMs }
  return { kind: 'dropped', keys: [newest], ended: keys.slice(0, -1).map(({ name }) => name) }
}
