/** What must hold of reviews: the rating of a product is that of its visible reviews, at every step. */

import type { AttributeMap, Write } from '../cloud/model/model.ts'
import type { Broken, End } from '../world/final-state.ts'
import type { RunContext } from '../world/run-context.ts'

type Rating = { count: number; sum: number }

const none: Rating = { count: 0, sum: 0 }

const countedIn = (review: AttributeMap | undefined): Rating =>
  review && review.hidden?.BOOL === false ? { count: 1, sum: Number(review.rating?.N) } : none

const ratingOf = (item: AttributeMap | undefined): Rating =>
  item ? { count: Number(item.count?.N), sum: Number(item.sum?.N) } : none

const isSame = (a: Rating, b: Rating): boolean => a.count === b.count && a.sum === b.sum

/** R1, when a call of the database is through: no write leaves the rating behind, or runs ahead of it. */
export const createRatingsObserver = (run: RunContext) => {
  const counted = new Map<string, Rating>()
  const kept = new Map<string, Rating>()
  let touched = new Set<string>()
  return {
    onWrite({ table, key, before, after }: Write): void {
      if (table !== 'reviews' || (key.sk !== 'review' && key.sk !== 'rating')) return
      const productId = key.sk === 'rating' ? key.pk : `product#${(after ?? before)?.productId?.S}`
      touched.add(productId)
      if (key.sk === 'rating') {
        kept.set(productId, ratingOf(after))
        return
      }
      const [was, is, known] = [countedIn(before), countedIn(after), counted.get(productId) ?? none]
      counted.set(productId, { count: known.count + is.count - was.count, sum: known.sum + is.sum - was.sum })
    },
    afterCall(): void {
      for (const productId of touched) {
        const [is, should] = [kept.get(productId) ?? none, counted.get(productId) ?? none]
        if (!isSame(is, should))
          run.violate(
            'R1',
            `${productId} is rated ${is.count}/${is.sum}, its reviews are ${should.count}/${should.sum}`,
          )
      }
      if (touched.size > 0) touched = new Set()
    },
  }
}

/** R1 star by star, R2: one review a buyer and product, of what has arrived; E2: the catalogue shows the rating. */
export const brokenReviews = ({ reviews, catalog, shipping }: End): Broken[] => {
  const broken: Broken[] = []
  const all = reviews.filter(({ sk }) => sk === 'review')
  const places = reviews.filter(({ pk, reviewId }) => pk.startsWith('author#') && reviewId !== undefined)
  for (const { id, authorId, productId } of all) {
    const mine = all.filter((one) => one.authorId === authorId && one.productId === productId)
    const place = places.find(({ pk, sk }) => pk === `author#${authorId}` && sk === `product#${productId}`)
    if (mine.length > 1 || place?.reviewId !== id)
      broken.push({ invariant: 'R2', detail: `${authorId} has ${mine.length} reviews, ${id} in no place` })
    const hasArrived = shipping.some(({ customerId, status }) => customerId === authorId && status === 'delivered')
    if (!hasArrived) broken.push({ invariant: 'R2', detail: `${authorId} reviewed what has not arrived` })
  }
  if (places.length > all.length) broken.push({ invariant: 'R2', detail: 'a place is taken by no review' })
  for (const rating of reviews.filter(({ sk }) => sk === 'rating')) {
    const visible = all.filter(({ productId, hidden }) => !hidden && rating.pk === `product#${productId}`)
    for (const stars of [1, 2, 3, 4, 5]) {
      const should = visible.filter((one) => one.rating === stars).length
      if ((rating[`stars${stars}`] ?? 0) !== should)
        broken.push({ invariant: 'R1', detail: `${rating.pk} has not ${should} reviews of ${stars} stars` })
    }
    const shown = catalog.find(({ pk, sk }) => pk === rating.pk && sk === 'product')?.rating
    if (shown?.count !== rating.count || shown?.sum !== rating.sum)
      broken.push({ invariant: 'E2', detail: `the catalogue does not show the rating of ${rating.pk}` })
  }
  return broken
}
