import type { NewId } from '../../../shared/domain/ids.ts'
import { isoTime, type Now, newId, now } from '../../../shared/runtime/clock.ts'
import { type Handle, notFound, personIsErased, problem, serve } from '../../../shared/runtime/serve.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { endpoints } from '../contract.ts'
import { type PurchasesTable, purchasesTable } from '../purchases/table.ts'
import { type ReviewsTable, reviewsTable } from '../table.ts'
import { answerOf } from '../view.ts'

type Dependencies = {
  reviews: Pick<ReviewsTable, 'get' | 'insert'>
  purchases: Pick<PurchasesTable, 'hasReceived'>
  now: Now
  newId: NewId
}

export const writeReview =
  ({ reviews, purchases, now, newId }: Dependencies): Handle<typeof endpoints.writeReview> =>
  async ({ params: { productId }, body, caller, once, replayOf }) => {
    if (replayOf) {
      const before = await reviews.get(replayOf)
      return before ? { ...answerOf(before), location: `/reviews/${before.id}` } : notFound('review')
    }
    if (!(await purchases.hasReceived(caller.id, productId)))
      return problem('NOT_A_BUYER', 'A product is reviewed by those who bought it, once it has arrived.')
    const review = {
      ...body,
      id: newId('rev'),
      productId,
      authorId: caller.id,
      hidden: false,
      createdAt: isoTime(now()),
      version: 0,
      sequence: 0,
    }
    const written = await reviews.insert(review, once)
    if (written === 'erased') return personIsErased()
    if (written === 'taken')
      return problem('ALREADY_REVIEWED', 'You have reviewed this product; that review can be changed.')
    return { ...answerOf(written), location: `/reviews/${written.id}` }
  }

export const handler = serve(
  endpoints.writeReview,
  () => {
    const table = openTable()
    return writeReview({
      reviews: reviewsTable({ table, now, newId }),
      purchases: purchasesTable({ table }),
      now,
      newId,
    })
  },
  openTable,
)
