import { consume } from '../../../shared/runtime/consume.ts'
import { eraseAndReport, throughPages } from '../../../shared/runtime/erasure.ts'
import { retryOnConflict } from '../../../shared/runtime/retry-on-conflict.ts'
import { personErased } from '../../published/reviews.ts'
import { consumers } from '../contract.ts'
import * as parts from '../parts.ts'
import type { PurchasesTable } from '../purchases/table.ts'
import type { Place, ReviewsTable } from '../table.ts'

const pageSize = 25

/** A review without its author would be nobody's word: it goes whole, and its stars count no more. */
const eraseReviews = (reviews: ReviewsTable, userId: string): Promise<boolean> => {
  const eraseAt = (place: Place): Promise<boolean> =>
    retryOnConflict(async () => {
      const review = place.reviewId === undefined ? undefined : await reviews.get(place.reviewId)
      if (review) return reviews.remove(review, false)
      await reviews.removePlace(place)
      return true
    })
  return throughPages(async (startKey) => {
    const page = await reviews.listOfAuthor(userId, pageSize, startKey)
    return { found: page.places, lastKey: page.lastKey }
  }, eraseAt)
}

const erasePurchases = (purchases: PurchasesTable, userId: string): Promise<boolean> =>
  throughPages(
    (startKey) => purchases.listOfBuyer(userId, pageSize, startKey),
    async (purchase) => {
      await purchases.remove(purchase)
      return true
    },
  )

export const handler = consume(
  consumers.erasePerson,
  { table: parts.table, reviews: parts.reviews, purchases: parts.purchases },
  function erasePerson({ data }, { table, reviews, purchases }) {
    return eraseAndReport(table, personErased, data, async () => {
      const areReviewsGone = await eraseReviews(reviews, data.userId)
      const arePurchasesGone = await erasePurchases(purchases, data.userId)
      return areReviewsGone && arePurchasesGone
    })
  },
)
