import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { userErasureRequested } from '../../../functions/published/identity.ts'
import { reviews } from '../../../functions/reviews/contract.ts'
import { customer, type Json, someEvent, someId, staff, startService, type TestCaller } from '../../support/service.ts'
import { arrived } from './stories.ts'

const service = await startService(reviews, {
  procedures: { 'profiles-public-profiles': () => ({ profiles: [] }) },
})
after(() => service.stop())

const receive = async (buyer: TestCaller, productIds: readonly string[]): Promise<void> => {
  assert.deepEqual(await service.deliver('recordDelivery', [arrived(buyer.sub, productIds)]), [])
}
const write = (caller: TestCaller, productId: string, rating: number) =>
  service.request('writeReview', { caller, params: { productId }, body: { rating, title: 'Marked was here' } })
const on = <Name extends keyof typeof reviews.endpoints>(
  name: Name,
  caller: TestCaller,
  reviewId: string,
  body?: object,
) => service.request(name, { caller, params: { reviewId }, body })
const ratingOf = async (productId: string): Promise<Json> =>
  (await service.request('listReviews', { params: { productId } })).body.rating
const wish = (userId: string) => {
  const erasureId = `ers_${someId('usr').slice(4)}${'x'.repeat(17)}`
  return someEvent(userErasureRequested, erasureId, { userId, erasureId, ordersSettled: true })
}
const itemsAbout = async (text: string) => (await service.items()).filter((item) => JSON.stringify(item).includes(text))
const said = async (erasureId: string) =>
  (await service.outbox()).filter(({ type, data }) => type === 'reviews.person-erased' && data.erasureId === erasureId)
const someProducts = (count: number): string[] => Array.from({ length: count }, () => someId('prd'))

describe('erase-person', () => {
  test('deletes reviews with their stars, hidden and shown, and what was bought; those of others stay', async () => {
    const [one = '', two = '', three = ''] = someProducts(3)
    const [me, other] = [customer(), customer()]
    for (const buyer of [me, other]) await receive(buyer, [one, two, three])
    await write(other, one, 4)
    const ids: string[] = []
    for (const productId of [one, two, three]) ids.push((await write(me, productId, 1)).body.id)
    await on('hideReview', staff(), ids[1] ?? '')
    await on('hideReview', staff(), ids[2] ?? '')
    await on('deleteReview', me, ids[2] ?? '')
    await on('reportReview', other, ids[0] ?? '', { reason: 'untrue' })
    const event = wish(me.sub)
    assert.deepEqual(await service.deliver('erasePerson', [event]), [])
    assert.deepEqual(await itemsAbout(me.sub), [])
    for (const id of ids) assert.equal((await on('readReview', staff(), id)).status, 404)
    assert.deepEqual(await ratingOf(one), { count: 1, average: 4, stars: { 1: 0, 2: 0, 3: 0, 4: 1, 5: 0 } })
    assert.equal((await ratingOf(two)).count, 0)
    const waiting = await service.request('listReportedReviews', { caller: staff() })
    assert.deepEqual(waiting.body.data, [])
    assert.deepEqual(await service.deliver('erasePerson', [event, { ...event, id: someId('evt') }]), [])
    assert.equal((await said(event.data.erasureId)).length, 1)
    assert.equal((await ratingOf(one)).count, 1)
  })

  test('what comes late brings nobody back', async () => {
    const [productId = ''] = someProducts(1)
    const me = customer()
    await receive(me, [productId])
    const event = wish(me.sub)
    const before = service.database.length
    await service.deliver('erasePerson', [event])
    const done = service.database.slice(before).map(({ operation }) => operation)
    assert.deepEqual(done, ['PutItem', 'Query', 'Query', 'DeleteItem', 'PutItem'])
    await receive(me, [productId])
    assert.deepEqual(await itemsAbout(me.sub), [])
    assert.equal((await write(me, productId, 5)).problem.code, 'NOT_A_BUYER')
  })

  test('what was being noted while they were erased goes with the second pass', async () => {
    const [productId = ''] = someProducts(1)
    const me = customer()
    const event = wish(me.sub)
    let hasWished = false
    service.fakes.fails = async ({ operation }) => {
      if (operation !== 'PutItem' || hasWished) return false
      hasWished = true
      await service.deliver('erasePerson', [event])
      return false
    }
    try {
      await receive(me, [productId])
    } finally {
      service.fakes.fails = undefined
    }
    assert.equal((await said(event.data.erasureId)).length, 1)
    assert.equal((await itemsAbout(me.sub)).length, 1)
    assert.deepEqual(await service.deliver('erasePerson', [{ ...event, id: someId('evt'), sequence: 2 }]), [])
    assert.deepEqual(await itemsAbout(me.sub), [])
  })

  test('a review that is written while they are being erased is refused', async () => {
    const [productId = ''] = someProducts(1)
    const me = customer()
    await receive(me, [productId])
    let hasWished = false
    service.fakes.fails = async ({ operation }) => {
      if (operation !== 'TransactWriteItems' || hasWished) return false
      hasWished = true
      await service.deliver('erasePerson', [wish(me.sub)])
      return false
    }
    try {
      const refused = await write(me, productId, 5)
      assert.deepEqual({ status: refused.status, code: refused.problem.code }, { status: 403, code: 'FORBIDDEN' })
    } finally {
      service.fakes.fails = undefined
    }
    assert.deepEqual(await itemsAbout(me.sub), [])
    assert.equal((await ratingOf(productId)).count, 0)
  })

  test('an edit that comes in between does not save a review', async () => {
    const [productId = ''] = someProducts(1)
    const me = customer()
    await receive(me, [productId])
    const { body } = await write(me, productId, 5)
    let hasEdited = false
    service.fakes.fails = async ({ operation }) => {
      if (operation !== 'TransactWriteItems' || hasEdited) return false
      hasEdited = true
      await on('editReview', me, body.id, { rating: 2 })
      return false
    }
    try {
      await service.deliver('erasePerson', [wish(me.sub)])
    } finally {
      service.fakes.fails = undefined
    }
    assert.deepEqual(await itemsAbout(me.sub), [])
    assert.equal((await ratingOf(productId)).count, 0)
  })
})

describe('export-person', () => {
  test('gives reviews and what was bought, page by page', async () => {
    const products = someProducts(60)
    const me = customer()
    await receive(me, products)
    const [first = '', second = ''] = products
    const shown = (await write(me, first, 5)).body
    const hidden = (await write(me, second, 1)).body
    await on('hideReview', staff(), hidden.id)
    const records: Json[] = []
    let position: string | undefined
    do {
      const page: Json = await service.call('exportPerson', { userId: me.sub, after: position })
      records.push(...page.records)
      position = page.after
    } while (position)
    const kinds = (kind: string) => records.filter((record) => record.kind === kind).map(({ data }) => data)
    assert.deepEqual(
      kinds('review').toSorted((a, b) => b.rating - a.rating),
      [shown, { ...hidden, hidden: true, version: 2 }],
    )
    assert.deepEqual(
      kinds('purchase'),
      products.toSorted().map((productId) => ({ productId })),
    )
    assert.deepEqual(await service.call('exportPerson', { userId: customer().sub }), { records: [] })
  })
})
