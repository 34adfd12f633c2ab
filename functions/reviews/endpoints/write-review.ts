import { isoTime, newId, now } from '../../../shared/runtime/clock.ts'
import { notFound, personIsErased, problem, serve } from '../../../shared/runtime/serve.ts'
import { endpoints } from '../contract.ts'
import * as parts from '../parts.ts'
import { answerOf } from '../view.ts'

export const handler = serve(
  endpoints.writeReview,
  { table: parts.table, reviews: parts.reviews, purchases: parts.purchases },
  async function writeReview(
    { params: { productId }, body, caller, idempotencyKey, replayOf },
    { reviews, purchases },
  ) {
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
    const written = await reviews.insert(review, idempotencyKey)
    if (written === 'erased') return personIsErased()
    if (written === 'taken')
      return problem('ALREADY_REVIEWED', 'You have reviewed this product; that review can be changed.')
    return { ...answerOf(written), location: `/reviews/${written.id}` }
  },
)
