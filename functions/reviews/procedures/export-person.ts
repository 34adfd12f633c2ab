import { provide } from '../../../shared/runtime/call.ts'
import { exportPage } from '../../../shared/runtime/export.ts'
import * as published from '../../published/reviews.ts'
import * as parts from '../parts.ts'
import { viewOf } from '../view.ts'

const perPage = 50

export const handler = provide(
  published.exportPerson,
  { reviews: parts.reviews, purchases: parts.purchases },
  function exportPerson(person, { reviews, purchases }) {
    return exportPage(person, {
      review: async (userId, after) => {
        const { places, more } = await reviews.pageOfPerson(userId, after, perPage)
        const written = await reviews.getAll(places.flatMap(({ reviewId }) => reviewId ?? []))
        const entries = places.map(({ sk, reviewId }) => {
          const review = written.find(({ id }) => id === reviewId)
          return { at: sk, record: review ? viewOf(review) : { productId: sk.slice('product#'.length), deleted: true } }
        })
        return { entries, more }
      },
      purchase: async (userId, after) => {
        const page = await purchases.pageOfPerson(userId, after, perPage)
        const entries = page.purchases.map(({ sk, productId }) => ({ at: sk, record: { productId } }))
        return { entries, more: page.more }
      },
    })
  },
)
