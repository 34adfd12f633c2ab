import { newId, now } from '../../../shared/runtime/clock.ts'
import { consume } from '../../../shared/runtime/consume.ts'
import { erasePerson, throughPages } from '../../../shared/runtime/erasure.ts'
import { repeated } from '../../../shared/runtime/repeated.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { personErased } from '../../published/reviews.ts'
import { consumers } from '../contract.ts'
import { type PurchasesTable, purchasesTable } from '../purchases/table.ts'
import { type Place, type ReviewsTable, reviewsTable } from '../table.ts'

type Dependencies = {
  reviews: Pick<ReviewsTable, 'get' | 'listOfAuthor' | 'remove' | 'removePlace'>
  purchases: Pick<PurchasesTable, 'listOfBuyer' | 'remove'>
}

const pageSize = 25

/** A review without its author would be nobody's word: it goes whole, and its stars count no more. */
export const eraseReviews = ({ reviews, purchases }: Dependencies) => {
  const eraseAt = (place: Place): Promise<boolean> =>
    repeated(async () => {
      const review = place.reviewId === undefined ? undefined : await reviews.get(place.reviewId)
      if (review) return reviews.remove(review, false)
      await reviews.removePlace(place)
      return true
    })
  return async (userId: string): Promise<boolean> => {
    const areReviewsGone = await throughPages(async (startKey) => {
      const page = await reviews.listOfAuthor(userId, pageSize, startKey)
      return { found: page.places, lastKey: page.lastKey }
    }, eraseAt)
    const arePurchasesGone = await throughPages(
      (startKey) => purchases.listOfBuyer(userId, pageSize, startKey),
      async (purchase) => {
        await purchases.remove(purchase)
        return true
      },
    )
    return areReviewsGone && arePurchasesGone
  }
}

export const handler = consume(consumers.erasePerson, () => {
  const table = openTable()
  const reviews = reviewsTable({ table, now, newId })
  const erase = eraseReviews({ reviews, purchases: purchasesTable({ table }) })
  return erasePerson({ table, personErased, erase, now, newId })
})
