import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { shipmentDelivered } from '../../../functions/published/shipping.ts'
import { reviews } from '../../../functions/reviews/contract.ts'
import { spent } from '../../support/round-trips.ts'
import {
  customer,
  guest,
  type Json,
  type PublishedEvent,
  someEvent,
  someId,
  staff,
  startService,
  type TestCaller,
  type TestQuery,
} from '../../support/service.ts'
import { budgets } from './budgets.ts'
import { arrived } from './stories.ts'

const nicknames = new Map<string, string>()
let profilesFail = false

const service = await startService(reviews, {
  procedures: {
    'profiles-public-profiles': (input) => {
      if (profilesFail) throw new Error('the test lets it fail')
      return {
        profiles: (input as { userIds: string[] }).userIds.flatMap((userId) => {
          const nickname = nicknames.get(userId)
          return nickname ? [{ userId, nickname, avatarUrl: '/avatars/a.svg' }] : []
        }),
      }
    },
  },
})
after(() => service.stop())

const operations = (response: { database: { operation: string }[] }) =>
  response.database.map(({ operation }) => operation)
const during = async (work: () => Promise<unknown>): Promise<string[]> => {
  const from = service.database.length
  await work()
  return operations({ database: service.database.slice(from) })
}

const product = (): string => someId('prd')
/** Someone to whom these have been delivered. */
const buyerOf = async (...productIds: string[]): Promise<TestCaller> => {
  const buyer = customer()
  assert.deepEqual(await service.deliver('recordDelivery', [arrived(buyer.sub, productIds)]), [])
  return buyer
}
const write = (caller: TestCaller, productId: string, body: object = { rating: 4 }, headers = {}) =>
  service.request('writeReview', { caller, params: { productId }, body, headers })
const reviewed = async (
  productId: string,
  rating = 4,
  more: object = {},
): Promise<{ author: TestCaller; id: string }> => {
  const author = await buyerOf(productId)
  const { status, body } = await write(author, productId, { rating, ...more })
  assert.equal(status, 201)
  return { author, id: body.id }
}
const on = <Name extends keyof typeof reviews.endpoints>(
  name: Name,
  caller: TestCaller,
  reviewId: string,
  more: { body?: object; headers?: Record<string, string> } = {},
) => service.request(name, { caller, params: { reviewId }, ...more })
const read = (caller: TestCaller, id: string) => on('readReview', caller, id)
const edit = (caller: TestCaller, id: string, body: object, headers = {}) =>
  on('editReview', caller, id, { body, headers })
const remove = (caller: TestCaller, id: string, headers = {}) => on('deleteReview', caller, id, { headers })
const hide = (id: string, caller = staff(), headers = {}) => on('hideReview', caller, id, { headers })
const unhide = (id: string, caller = staff(), headers = {}) => on('unhideReview', caller, id, { headers })
const report = (caller: TestCaller, id: string, reason = 'spam') => on('reportReview', caller, id, { body: { reason } })
const list = (productId: string, query: TestQuery = {}) =>
  service.request('listReviews', { params: { productId }, query })
const ratingOf = async (productId: string) => (await list(productId)).body.rating
const reported = async (): Promise<Json[]> =>
  (await service.request('listReportedReviews', { caller: staff(), query: { limit: '100' } })).body.data
const published = async (aggregateId: string): Promise<Pick<PublishedEvent, 'type' | 'sequence' | 'data'>[]> =>
  (await service.outbox())
    .filter((event) => event.aggregateId === aggregateId)
    .map(({ type, sequence, data }) => ({ type, sequence, data }))

describe('record-delivery', () => {
  const keptOf = async (buyer: TestCaller): Promise<string[]> =>
    (await service.items()).filter(({ pk }) => pk === `buyer#${buyer.sub}`).map(({ sk }) => sk)

  test('notes each product once, whatever its variants, by one read and one write, however often it is told', async () => {
    const productId = product()
    const buyer = guest()
    assert.equal((await write(buyer, productId)).problem.code, 'NOT_A_BUYER')
    const event = arrived(buyer.sub, [productId, productId])
    assert.deepEqual(spent(await during(() => service.deliver('recordDelivery', [event]))), budgets['record-delivery'])
    const again = arrived(buyer.sub, [productId])
    assert.deepEqual(await service.deliver('recordDelivery', [again, event, event]), [])
    assert.deepEqual(await keptOf(buyer), [`received#${productId}`])
    assert.equal((await write(buyer, productId)).status, 201)
  })

  test('what was delivered by a shipment that does not say of what, cannot be reviewed, and the rest can', async () => {
    const [buyer, productId] = [customer(), product()]
    const { customerId: _, lines: _lines, ...older } = arrived(buyer.sub, [productId]).data
    assert.deepEqual(
      spent(await during(() => service.deliver('recordDelivery', [someEvent(shipmentDelivered, 'o', older)]))),
      budgets['record-delivery: of no products'],
    )
    assert.deepEqual(
      spent(await during(() => service.deliver('recordDelivery', [arrived(buyer.sub, [undefined])]))),
      budgets['record-delivery: of no products'],
    )
    assert.deepEqual(await keptOf(buyer), [])
    await service.deliver('recordDelivery', [arrived(buyer.sub, [undefined, productId])])
    assert.equal((await write(buyer, productId)).status, 201)
  })

  test('one that ends half-way is finished when it comes again', async () => {
    const [buyer, productIds] = [customer(), [product(), product(), product()]]
    const event = arrived(buyer.sub, productIds)
    let writes = 0
    service.fakes.fails = ({ operation }) => operation === 'PutItem' && ++writes === 2
    try {
      assert.deepEqual(await service.deliver('recordDelivery', [event]), [event.id])
    } finally {
      service.fakes.fails = undefined
    }
    assert.equal((await keptOf(buyer)).length, 1)
    await service.deliver('recordDelivery', [event])
    assert.deepEqual(await keptOf(buyer), productIds.map((productId) => `received#${productId}`).toSorted())
  })

  test('a hundred products are noted', async () => {
    const many = Array.from({ length: 100 }, product)
    const buyer = await buyerOf(...many)
    assert.equal((await keptOf(buyer)).length, 100)
    assert.equal((await write(buyer, many.at(-1) ?? '')).status, 201)
  })
})

describe('write-review', () => {
  test('writes review, place and rating in one transaction, and tells of both', async () => {
    const productId = product()
    const author = await buyerOf(productId)
    const body = { rating: 5, title: 'Holds water', text: "It's <b>fine</b>\n& dandy" }
    const response = await write(author, productId, body)
    assert.equal(response.status, 201)
    assert.deepEqual(spent(response.database), budgets['write-review'])
    const { id: reviewId } = response.body
    assert.equal(response.headers.location, `/reviews/${reviewId}`)
    assert.equal(response.headers.etag, '"1"')
    const { createdAt, ...rest } = response.body
    assert.deepEqual(rest, { ...body, id: reviewId, productId, authorId: author.sub, hidden: false, version: 1 })
    assert.deepEqual((await read(author, reviewId)).body, { ...rest, createdAt })
    assert.deepEqual(await published(reviewId), [
      {
        type: 'review.published',
        sequence: 1,
        data: { reviewId, productId, userId: author.sub, rating: 5, title: 'Holds water' },
      },
    ])
    assert.deepEqual(await published(productId), [
      { type: 'product.rated', sequence: 1, data: { productId, count: 1, sum: 5 } },
    ])
  })

  test('each buyer has one review of a product, also when two are written at once', async () => {
    const [productId, another] = [product(), product()]
    const author = await buyerOf(productId, another)
    const answers = await Promise.all([1, 2, 3].map((rating) => write(author, productId, { rating })))
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [201, 409, 409])
    assert.equal((await write(author, productId)).problem.code, 'ALREADY_REVIEWED')
    assert.equal((await write(author, another)).status, 201)
    assert.equal((await ratingOf(productId)).count, 1)
  })

  test('one key is one review; another body under it is refused', async () => {
    const productId = product()
    const author = await buyerOf(productId)
    const headers = { 'idempotency-key': 'mine' }
    const first = await write(author, productId, { rating: 2 }, headers)
    const again = await write(author, productId, { rating: 2 }, headers)
    assert.deepEqual({ status: again.status, body: again.body }, { status: 201, body: first.body })
    assert.equal(again.headers['idempotent-replayed'], 'true')
    assert.equal((await write(author, productId, { rating: 3 }, headers)).status, 422)
    await remove(author, first.body.id)
    assert.equal((await write(author, productId, { rating: 2 }, headers)).status, 404)
  })

  test('refuses stars that are none, texts that are too long, and fields that are not theirs to set', async () => {
    const productId = product()
    const author = await buyerOf(productId)
    for (const body of [
      {},
      { rating: 0 },
      { rating: 6 },
      { rating: 4.5 },
      { rating: '5' },
      { rating: 5, title: 'x'.repeat(121) },
      { rating: 5, text: 'x'.repeat(5_001) },
      { rating: 5, text: '' },
      { rating: 5, hidden: false },
      { rating: 5, authorId: someId('usr') },
    ])
      assert.equal((await write(author, productId, body)).status, 400, JSON.stringify(body))
    assert.equal((await write(author, 'prd_1')).status, 400)
    assert.equal((await write(customer(), someId('prd'))).status, 403)
  })

  test('a hot product counts every review of many that come at once', async () => {
    const productId = product()
    const authors = await Promise.all(Array.from({ length: 20 }, () => buyerOf(productId)))
    await Promise.all(authors.map((author, index) => write(author, productId, { rating: (index % 5) + 1 })))
    assert.deepEqual(await ratingOf(productId), { count: 20, average: 3, stars: { 1: 4, 2: 4, 3: 4, 4: 4, 5: 4 } })
    const [latest] = await published(productId)
    assert.deepEqual(latest, { type: 'product.rated', sequence: 20, data: { productId, count: 20, sum: 60 } })
  })
})

describe('list-reviews', () => {
  test('newest first or by stars, page by page, with what all think together', async () => {
    const productId = product()
    const ids: string[] = []
    for (const rating of [3, 5, 1]) ids.push((await reviewed(productId, rating)).id)
    const [three, five, one] = ids
    const order = async (sort?: string) =>
      (await list(productId, sort ? { sort } : {})).body.data.map(({ id }: Json) => id)
    assert.deepEqual(await order(), [one, five, three])
    assert.deepEqual(await order('newest'), [one, five, three])
    assert.deepEqual(await order('highest'), [five, three, one])
    assert.deepEqual(await order('lowest'), [one, three, five])
    const first = await list(productId, { limit: '2', sort: 'highest' })
    assert.deepEqual(spent(first.database), budgets['list-reviews'])
    assert.match(first.headers['cache-control'] ?? '', /public/)
    const cursor = first.body.next_cursor
    const second = await list(productId, { limit: '2', sort: 'highest', cursor })
    assert.deepEqual(
      [...first.body.data, ...second.body.data].map(({ id }: Json) => id),
      [five, three, one],
    )
    assert.equal(second.body.next_cursor, null)
    assert.equal((await list(productId, { sort: 'lowest', cursor })).problem.code, 'INVALID_CURSOR')
    assert.equal((await list(product(), { sort: 'highest', cursor })).problem.code, 'INVALID_CURSOR')
    assert.deepEqual(first.body.rating, { count: 3, average: 3, stars: { 1: 1, 2: 0, 3: 1, 4: 0, 5: 1 } })
  })

  test('of what nobody has reviewed there is an empty list', async () => {
    assert.deepEqual((await list(product())).body, {
      data: [],
      next_cursor: null,
      rating: { count: 0, average: null, stars: { 1: 0, 2: 0, 3: 0, 4: 0, 5: 0 } },
    })
    assert.equal((await list(product(), { sort: 'best' })).status, 400)
  })

  test('shows authors as they wish to be shown, and without that where profiles do not answer', async () => {
    const productId = product()
    const { author } = await reviewed(productId)
    const authorOf = async () => (await list(productId)).body.data[0]?.author
    const unknown = { userId: author.sub, nickname: '', avatarUrl: '/avatars/default.svg' }
    assert.deepEqual(await authorOf(), unknown)
    nicknames.set(author.sub, 'Ada')
    assert.deepEqual(await authorOf(), { userId: author.sub, nickname: 'Ada', avatarUrl: '/avatars/a.svg' })
    profilesFail = true
    try {
      assert.deepEqual(await authorOf(), unknown)
    } finally {
      profilesFail = false
    }
  })
})

describe('list-my-reviews', () => {
  test('lists mine only, hidden ones too, page by page', async () => {
    const [one, two] = [product(), product()]
    const me = await buyerOf(one, two)
    for (const productId of [one, two]) await write(me, productId)
    await reviewed(one)
    const mine = (query: TestQuery = {}, caller = me) => service.request('listMyReviews', { caller, query })
    const all = await mine()
    assert.deepEqual(spent(all.database), budgets['list-my-reviews'])
    assert.deepEqual(
      all.body.data.map(({ productId }: Json) => productId),
      [one, two].toSorted(),
    )
    await hide(all.body.data[0]?.id ?? '')
    assert.deepEqual(
      (await mine()).body.data.map(({ hidden }: Json) => hidden),
      [true, false],
    )
    const first = await mine({ limit: '1' })
    const second = await mine({ limit: '1', cursor: first.body.next_cursor })
    assert.equal(second.body.data[0]?.id, all.body.data[1]?.id)
    assert.equal((await mine({ cursor: first.body.next_cursor }, customer())).problem.code, 'INVALID_CURSOR')
    assert.deepEqual((await mine({}, customer())).body, { data: [], next_cursor: null })
  })
})

describe('read-review', () => {
  test('a visible one is for all, a hidden one for its author and staff', async () => {
    const { author, id } = await reviewed(product())
    const response = await read(guest(), id)
    assert.deepEqual(
      { status: response.status, trips: spent(response.database) },
      { status: 200, trips: budgets['read-review'] },
    )
    await hide(id)
    assert.equal((await read(guest(), id)).status, 404)
    assert.equal((await read(author, id)).body.hidden, true)
    assert.equal((await read(staff(), id)).status, 200)
    assert.equal((await read(staff(), someId('rev'))).status, 404)
  })
})

describe('edit-review', () => {
  test('changes words by one write, and stars together with the rating', async () => {
    const productId = product()
    const { author, id } = await reviewed(productId, 2, { title: 'Meh' })
    await reviewed(productId, 5)
    const words = await edit(author, id, { title: null, text: 'It grew on me' })
    assert.deepEqual({ status: words.status, version: words.body.version }, { status: 200, version: 2 })
    assert.deepEqual(
      { title: words.body.title, text: words.body.text, rating: words.body.rating },
      { title: undefined, text: 'It grew on me', rating: 2 },
    )
    assert.ok(words.body.editedAt)
    assert.deepEqual(spent(words.database), budgets['edit-review'])
    const stars = await edit(author, id, { rating: 4 })
    assert.deepEqual(spent(stars.database), budgets['edit-review'])
    assert.deepEqual(await ratingOf(productId), { count: 2, average: 4.5, stars: { 1: 0, 2: 0, 3: 0, 4: 1, 5: 1 } })
    assert.deepEqual(await published(id), [], 'published once, when it was written')
    const [rated] = await published(productId)
    assert.deepEqual(rated, { type: 'product.rated', sequence: 3, data: { productId, count: 2, sum: 9 } })
    const { data } = (await list(productId, { sort: 'highest' })).body
    assert.deepEqual(
      { id: data[1]?.id, rating: data[1]?.rating, text: data[1]?.text },
      { id, rating: 4, text: 'It grew on me' },
    )
  })

  test('what changes nothing writes nothing', async () => {
    const { author, id } = await reviewed(product(), 3)
    const response = await edit(author, id, { rating: 3 })
    assert.deepEqual(
      { version: response.body.version, trips: spent(response.database) },
      { version: 1, trips: budgets['edit-review: unchanged'] },
    )
  })

  test('is refused to others, with an old ETag, and where it says what is none', async () => {
    const { author, id } = await reviewed(product(), 3)
    assert.equal((await edit(customer(), id, { rating: 1 })).status, 404)
    assert.equal((await edit(staff(), id, { rating: 1 })).status, 404)
    await edit(author, id, { rating: 1 })
    assert.equal((await edit(author, id, { rating: 2 }, { 'if-match': '"1"' })).status, 412)
    assert.equal((await edit(author, id, { rating: 2 }, { 'if-match': '"2"' })).status, 200)
    for (const body of [{ rating: 9 }, { rating: null }, { hidden: false }, { title: 'x'.repeat(121) }])
      assert.equal((await edit(author, id, body)).status, 400)
  })

  test('edits that race are both made, and the rating is that of the last', async () => {
    const productId = product()
    const { author, id } = await reviewed(productId, 3)
    const answers = await Promise.all([1, 2, 4].map((stars) => edit(author, id, { rating: stars })))
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 200],
    )
    const { rating } = (await read(author, id)).body
    assert.deepEqual((await ratingOf(productId)).average, rating)
  })

  test('a hidden review that is edited counts no more than before', async () => {
    const productId = product()
    const { author, id } = await reviewed(productId, 3)
    await hide(id)
    const edited = await edit(author, id, { rating: 5 })
    assert.deepEqual(
      { hidden: edited.body.hidden, trips: spent(edited.database) },
      { hidden: true, trips: budgets['edit-review'] },
    )
    assert.equal((await ratingOf(productId)).count, 0)
    await unhide(id)
    assert.equal((await ratingOf(productId)).average, 5)
  })
})

describe('delete-review', () => {
  test('takes review, place and its stars away; another can be written', async () => {
    const productId = product()
    const { author, id } = await reviewed(productId, 1)
    assert.equal((await remove(customer(), id)).status, 404)
    assert.equal((await remove(author, id, { 'if-match': '"7"' })).status, 412)
    const response = await remove(author, id)
    assert.deepEqual(
      { status: response.status, trips: spent(response.database) },
      { status: 204, trips: budgets['delete-review'] },
    )
    assert.equal((await remove(author, id)).status, 404)
    assert.equal((await read(staff(), id)).status, 404)
    assert.deepEqual((await list(productId)).body.data, [])
    assert.equal((await ratingOf(productId)).count, 0)
    const again = await write(author, productId, { rating: 5 })
    assert.equal(again.status, 201)
    assert.notEqual(again.body.id, id)
  })

  test('deleted twice at once, its stars are taken away once', async () => {
    const productId = product()
    const { author, id } = await reviewed(productId, 1)
    await reviewed(productId, 4)
    const answers = await Promise.all([remove(author, id), remove(author, id)])
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [204, 404])
    assert.deepEqual((await ratingOf(productId)).average, 4)
  })

  test('a hidden review cannot be had anew by deleting it', async () => {
    const productId = product()
    const { author, id } = await reviewed(productId, 1)
    await hide(id)
    assert.equal((await remove(author, id)).status, 204)
    assert.equal((await write(author, productId)).problem.code, 'ALREADY_REVIEWED')
    assert.equal((await ratingOf(productId)).count, 0)
    assert.deepEqual((await service.request('listMyReviews', { caller: author })).body.data, [])
  })
})

describe('report-review', () => {
  test('each person counts once, by one transaction, and nobody is kept by name', async () => {
    const { id } = await reviewed(product())
    const [one, two] = [guest(), customer()]
    const response = await report(one, id, 'off-topic')
    assert.deepEqual(
      { status: response.status, trips: spent(response.database) },
      { status: 204, trips: budgets['report-review'] },
    )
    assert.equal((await report(one, id, 'spam')).status, 204)
    await report(two, id, 'spam')
    const entry = (await reported()).find(({ review }) => review.id === id)
    assert.equal(entry.reports.count, 2)
    assert.deepEqual(entry.reports.reasons, { spam: 1, 'off-topic': 1 })
    assert.equal(JSON.stringify(await service.items()).includes(one.sub), false)
    assert.equal((await read(guest(), id)).status, 200, 'a report hides nothing')
  })

  test('what cannot be seen cannot be reported', async () => {
    const { id } = await reviewed(product())
    await hide(id)
    assert.equal((await report(guest(), id)).status, 404)
    assert.equal((await report(guest(), someId('rev'))).status, 404)
    assert.equal((await report(guest(), id, 'dull')).status, 400)
  })
})

describe('list-reported-reviews', () => {
  test('lists for staff what waits, the longest first, page by page', async () => {
    const ids: string[] = []
    for (let index = 0; index < 2; index += 1) {
      const { id } = await reviewed(product())
      await report(guest(), id)
      ids.push(id)
    }
    await report(guest(), ids[0] ?? '')
    assert.deepEqual((await reported()).map(({ review }) => review.id).slice(-2), ids)
    const page = (query: TestQuery, caller = staff()) => service.request('listReportedReviews', { caller, query })
    const first = await page({ limit: '1' })
    assert.deepEqual(spent(first.database), budgets['list-reported-reviews'])
    assert.equal((await page({ cursor: first.body.next_cursor })).body.data.length, (await reported()).length - 1)
    assert.equal((await page({}, customer())).status, 403)
  })
})

describe('hide-review', () => {
  test('takes a review from the lists and out of the rating, and settles its reports', async () => {
    const productId = product()
    const { author, id } = await reviewed(productId, 1)
    await reviewed(productId, 5)
    await report(guest(), id)
    const response = await hide(id)
    assert.deepEqual({ status: response.status, hidden: response.body.hidden }, { status: 200, hidden: true })
    assert.deepEqual(spent(response.database), budgets['hide-review'])
    assert.deepEqual(
      (await list(productId)).body.data.map(({ rating }: Json) => rating),
      [5],
    )
    assert.deepEqual((await list(productId, { sort: 'lowest' })).body.data.length, 1)
    assert.deepEqual(await ratingOf(productId), { count: 1, average: 5, stars: { 1: 0, 2: 0, 3: 0, 4: 0, 5: 1 } })
    assert.ok(!(await reported()).some(({ review }) => review.id === id))
    const again = await hide(id)
    assert.deepEqual(
      { status: again.status, trips: spent(again.database) },
      { status: 200, trips: budgets['hide-review: unchanged'] },
    )
    assert.equal((await ratingOf(productId)).count, 1)
    assert.equal((await hide(id, author)).status, 403)
    assert.equal((await hide(someId('rev'))).status, 404)
    assert.equal((await hide(id, staff(), { 'if-match': '"1"' })).status, 412)
  })

  test('hidden, edited and reported at once, the rating stays that of what is visible', async () => {
    const productId = product()
    const { author, id } = await reviewed(productId, 1)
    await Promise.all([hide(id), edit(author, id, { rating: 5 }), hide(id), report(guest(), id)])
    assert.equal((await ratingOf(productId)).count, 0)
    await unhide(id)
    assert.equal((await ratingOf(productId)).average, 5)
  })
})

describe('unhide-review', () => {
  test('shows it again where it was, and counts it', async () => {
    const productId = product()
    const { id } = await reviewed(productId, 2)
    await hide(id)
    const response = await unhide(id)
    assert.deepEqual({ hidden: response.body.hidden, version: response.body.version }, { hidden: false, version: 3 })
    assert.deepEqual(spent(response.database), budgets['unhide-review'])
    assert.deepEqual(
      (await list(productId)).body.data.map((one: Json) => one.id),
      [id],
    )
    assert.equal((await ratingOf(productId)).average, 2)
    assert.equal((await unhide(id, staff(), { 'if-match': '"1"' })).status, 412)
    assert.equal((await unhide(id, customer())).status, 403)
    assert.equal((await unhide(someId('rev'))).status, 404)
  })

  test('settles the reports of a review that staff find good, until another comes', async () => {
    const { id } = await reviewed(product())
    const waits = async () => (await reported()).some(({ review }) => review.id === id)
    const reporter = guest()
    await report(reporter, id)
    assert.ok(await waits())
    const kept = await unhide(id)
    assert.deepEqual(spent(kept.database), budgets['unhide-review'])
    assert.ok(!(await waits()))
    await report(reporter, id)
    assert.ok(!(await waits()), 'the same person has said it before')
    await report(guest(), id)
    assert.ok(await waits())
  })
})
