/**
 * Cursors of lists: opaque to clients, bound to their route, filter and caller by a hash of these (`scope`). A cursor is
 * no secret and no proof: what a list may show is decided by the partition that the handler queries, never by the cursor.
 */
import { createHash } from 'node:crypto'
import * as z from 'zod/mini'
import { RefusedInput } from './refused-input.ts'
import type { Item } from './table.ts'

/** What a list may go on from: DynamoDB takes 1,024 bytes at most of a sort key, and half a surrogate pair is no text. */
const KeyPart = z.string().check(
  z.maxLength(1_024),
  z.regex(/^\P{Cs}*$/u),
  z.refine((text) => Buffer.byteLength(text) <= 1_024),
)

const Cursor = z.strictObject({
  s: z.string(),
  k: z.record(z.string(), KeyPart),
})

/** So many make a page where the client does not say. */
export const defaultLimit = 20

const hashOf = (scope: string): string => createHash('sha256').update(scope).digest('base64url').slice(0, 16)

/** @param scope route, filter and caller @param key where the page ended */
export const encodeCursor = (scope: string, key: Item): string =>
  Buffer.from(JSON.stringify({ s: hashOf(scope), k: key })).toString('base64url')

/** What a page leads on to; null on the last. @param lastKey where the page ended, undefined at the end of the list */
export const nextCursor = (scope: string, lastKey: Item | undefined): string | null =>
  lastKey === undefined ? null : encodeCursor(scope, lastKey)

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * @param partition the partition attributes of the query (`gsi1pk`): a key that points elsewhere is refused
 * @returns undefined for the first page
 * @throws RefusedInput INVALID_CURSOR for a cursor of another list, or no cursor at all
 */
export const decodeCursor = (
  scope: string,
  text: string | undefined,
  partition: Readonly<Record<string, string>> = {},
): Item | undefined => {
  if (text === undefined) return undefined
  const parsed = Cursor.safeParse(parseJson(Buffer.from(text, 'base64url').toString('utf8')))
  const elsewhere = parsed.success && Object.entries(partition).some(([name, value]) => parsed.data.k[name] !== value)
  if (!parsed.success || parsed.data.s !== hashOf(scope) || elsewhere)
    throw new RefusedInput('INVALID_CURSOR', 'This cursor is not one of this list; begin again without it.')
  return parsed.data.k
}
