/** What may become of a wishlist. Pure. */
import { ok, type Result, refused } from '../../shared/domain/result.ts'

/** `addedAt`: RFC 3339. */
export type Line = { sku: string; addedAt: string }

export type Wishlist = {
  userId: string
  /** Each SKU once. */
  lines: readonly Line[]
  /** Part of the link by which others may read it; absent while nobody may. */
  shareId?: string | undefined
  version: number
  sequence: number
}

/** Then a list is at most some 50 KB, and one read and one write whatever is done to it. */
export const maxLines = 500

export const emptyWishlist = (userId: string): Wishlist => ({ userId, lines: [], version: 0, sequence: 0 })

export const lineOf = ({ lines }: Wishlist, sku: string): Line | undefined => lines.find((line) => line.sku === sku)

/** @param line of a SKU that is not on the list */
export const withLine = (wishlist: Wishlist, line: Line): Result<Wishlist, 'WISHLIST_FULL'> =>
  wishlist.lines.length >= maxLines
    ? refused('WISHLIST_FULL', `A wishlist holds at most ${maxLines} variants.`)
    : ok({ ...wishlist, lines: [...wishlist.lines, line] })

export const withoutLine = (wishlist: Wishlist, sku: string): Wishlist => ({
  ...wishlist,
  lines: wishlist.lines.filter((line) => line.sku !== sku),
})

/** Newest first; at the same moment by SKU, so that every line has its place. */
const compare = (a: Line, b: Line): number => {
  if (a.addedAt !== b.addedAt) return a.addedAt > b.addedAt ? -1 : 1
  if (a.sku === b.sku) return 0
  return a.sku < b.sku ? -1 : 1
}

/**
 * The lines after one, which may itself be gone.
 * @param after where the last page ended; undefined for the first
 * @returns the lines of this page, and where the next begins, if there is one
 */
export const pageOf = (
  { lines }: Wishlist,
  limit: number,
  after: Line | undefined,
): { lines: readonly Line[]; last: Line | undefined } => {
  const rest = lines.toSorted(compare).filter((line) => after === undefined || compare(line, after) > 0)
  const page = rest.slice(0, limit)
  return { lines: page, last: rest.length > limit ? page.at(-1) : undefined }
}
