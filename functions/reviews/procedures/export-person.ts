import { provide } from '../../../shared/runtime/call.ts'
import { newId, now } from '../../../shared/runtime/clock.ts'
import { exportPerson as exported, type ReadKind } from '../../../shared/runtime/export.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { exportPerson } from '../../published/reviews.ts'
import { type PurchasesTable, purchasesTable } from '../purchases/table.ts'
import { type ReviewsTable, reviewsTable } from '../table.ts'
import { viewOf } from '../view.ts'

const perPage = 50

const readReviews =
  ({ reviews }: { reviews: Pick<ReviewsTable, 'pageOfPerson' | 'getAll'> }): ReadKind =>
  async (userId, after) => {
    const { places, more } = await reviews.pageOfPerson(userId, after, perPage)
    const written = await reviews.getAll(places.flatMap(({ reviewId }) => reviewId ?? []))
    const entries = places.map(({ sk, reviewId }) => {
      const review = written.find(({ id }) => id === reviewId)
      return { at: sk, record: review ? viewOf(review) : { productId: sk.slice('product#'.length), deleted: true } }
    })
    return { entries, more }
  }

const readPurchases =
  ({ purchases }: { purchases: Pick<PurchasesTable, 'pageOfPerson'> }): ReadKind =>
  async (userId, after) => {
    const page = await purchases.pageOfPerson(userId, after, perPage)
    const entries = page.purchases.map(({ sk, productId }) => ({ at: sk, record: { productId } }))
    return { entries, more: page.more }
  }

export const handler = provide(exportPerson, () => {
  const table = openTable()
  return exported({
    review: readReviews({ reviews: reviewsTable({ table, now, newId }) }),
    purchase: readPurchases({ purchases: purchasesTable({ table }) }),
  })
})
