import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { averageOf, edited, type Review, ratingChange } from '../../../functions/reviews/domain.ts'
import { fc } from '../../support/property.ts'

const stars = fc.integer({ min: 1, max: 5 })
const counted = fc.option(stars, { nil: undefined })

describe('a rating', () => {
  test('added up change by change is what a count of all reviews gives', () => {
    const histories = fc.array(fc.array(counted, { maxLength: 6 }), { maxLength: 8 })
    fc.assert(
      fc.property(histories, (reviews) => {
        const rating = { count: 0, sum: 0, by: new Map<number, number>() }
        for (const history of reviews)
          for (const [index, to] of history.entries()) {
            const change = ratingChange(index === 0 ? undefined : history[index - 1], to)
            if (!change) continue
            rating.count += change.count
            rating.sum += change.sum
            for (const [number, more] of change.stars) rating.by.set(number, (rating.by.get(number) ?? 0) + more)
          }
        const latest = reviews.flatMap((history) => history.at(-1) ?? [])
        assert.equal(rating.count, latest.length)
        assert.equal(
          rating.sum,
          latest.reduce((sum, one) => sum + one, 0),
        )
        for (const [number, many] of rating.by) assert.equal(many, latest.filter((one) => one === number).length)
      }),
      { numRuns: 50 },
    )
  })

  test('has an average of two decimals, or none', () => {
    assert.equal(averageOf({ count: 0, sum: 0 }), null)
    assert.equal(averageOf({ count: 3, sum: 11 }), 3.67)
    assert.equal(averageOf({ count: 8, sum: 33 }), 4.13)
  })
})

describe('an edit', () => {
  const review: Review = {
    id: 'rev',
    productId: 'prd',
    authorId: 'usr',
    rating: 3,
    title: 'Good',
    hidden: false,
    createdAt: '2026-01-01T00:00:00.000Z',
    version: 1,
    sequence: 1,
  }

  test('changes what it names, takes away what is null, and is none when nothing differs', () => {
    const at = '2026-01-02T00:00:00.000Z'
    assert.deepEqual(edited(review, { rating: 4, title: null, text: 'Holds water' }, at), {
      ...review,
      rating: 4,
      title: undefined,
      text: 'Holds water',
      editedAt: at,
    })
    assert.equal(edited(review, {}, at), undefined)
    assert.equal(edited(review, { rating: 3, title: 'Good', text: null }, at), undefined)
  })
})
