/** What may become of a review, and what that does to the rating of its product. Pure. */

export type Review = {
  id: string
  productId: string
  authorId: string
  /** Stars, 1 to 5. */
  rating: number
  title?: string | undefined
  text?: string | undefined
  hidden: boolean
  /** RFC 3339, as is `editedAt`. */
  createdAt: string
  editedAt?: string | undefined
  version: number
  sequence: number
}

/** Reviews that count, by their stars (1 to 5). */
export type Stars = Readonly<Record<1 | 2 | 3 | 4 | 5, number>>

/** The stars that a review adds to its product's rating; undefined where it does not count. */
export const countedStars = (review: Review | undefined): number | undefined =>
  review && !review.hidden ? review.rating : undefined

/** By how much a rating changes when a review that counted `from` stars counts `to` from now on; undefined: not at all. */
export const ratingChange = (from: number | undefined, to: number | undefined) => {
  if (from === to) return undefined
  const stars: [number, number][] = [
    ...(from === undefined ? [] : [[from, -1] satisfies [number, number]]),
    ...(to === undefined ? [] : [[to, 1] satisfies [number, number]]),
  ]
  return {
    count: (to === undefined ? 0 : 1) - (from === undefined ? 0 : 1),
    sum: (to ?? 0) - (from ?? 0),
    stars,
  }
}

/** Of `count` ratings that add up to `sum` stars: two decimals, rounded half up; null for none. */
export const averageOf = ({ count, sum }: { count: number; sum: number }): number | null =>
  count === 0 ? null : Math.round((sum * 100) / count) / 100

/** What an author wishes to change. Null takes away, undefined leaves alone. */
export type Edit = { rating?: number | undefined; title?: string | null | undefined; text?: string | null | undefined }

/** @returns the changed review, or undefined when nothing of it changes @param at RFC 3339 */
export const edited = (review: Review, { rating, title, text }: Edit, at: string): Review | undefined => {
  const words = (wish: string | null | undefined, before: string | undefined) =>
    wish === undefined ? before : (wish ?? undefined)
  const after = {
    ...review,
    rating: rating ?? review.rating,
    title: words(title, review.title),
    text: words(text, review.text),
  }
  const isSame = after.rating === review.rating && after.title === review.title && after.text === review.text
  return isSame ? undefined : { ...after, editedAt: at }
}
