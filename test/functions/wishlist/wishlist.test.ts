import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { userErasureRequested } from '../../../functions/published/identity.ts'
import { wishlist } from '../../../functions/wishlist/contract.ts'
import { emptyWishlist, maxLines, pageOf, withLine, withoutLine } from '../../../functions/wishlist/domain.ts'
import { fc } from '../../support/property.ts'
import { spent } from '../../support/round-trips.ts'
import {
  customer,
  guest,
  type Json,
  someEvent,
  someId,
  startService,
  type TestCaller,
  type TestQuery,
} from '../../support/service.ts'
import { budgets } from './budgets.ts'

const eur = (amount: number) => ({ amount, currency: 'EUR' })
const productId = someId('prd')
/** What the catalogue no longer sells. */
const gone = new Set<string>()
let catalogueFails = false

const service = await startService(wishlist, {
  procedures: {
    'catalog-quote': (input) => {
      if (catalogueFails) throw new Error('the test lets it fail')
      return {
        variants: (input as { skus: string[] }).skus
          .filter((sku) => !gone.has(sku) && !sku.startsWith('UNKNOWN'))
          .map((sku) => ({ sku, productId, title: `A ${sku}`, options: {}, unitPrice: eur(500), weightGrams: 1 })),
      }
    },
  },
})
after(() => service.stop())
const read = (caller: TestCaller, query: TestQuery = {}) => service.request('readWishlist', { caller, query })
const add = (caller: TestCaller, sku: string, headers = {}) =>
  service.request('addToWishlist', { caller, params: { sku }, headers })
const remove = (caller: TestCaller, sku: string, headers = {}) =>
  service.request('removeFromWishlist', { caller, params: { sku }, headers })
const share = (caller: TestCaller, headers = {}) => service.request('shareWishlist', { caller, headers })
const unshare = (caller: TestCaller, headers = {}) => service.request('unshareWishlist', { caller, headers })
const readShared = (shareId: string, query: TestQuery = {}) =>
  service.request('readSharedWishlist', { params: { shareId }, query })
const skusOf = ({ body }: { body: Json }): string[] => body.data.map(({ sku }: Json) => sku)
const wishing = async (...skus: string[]): Promise<TestCaller> => {
  const caller = customer()
  for (const sku of skus) assert.equal((await add(caller, sku)).status, 200)
  return caller
}
const published = async ({ sub }: TestCaller) =>
  (await service.outbox())
    .filter(({ aggregateId }) => aggregateId === sub)
    .map(({ type, sequence, data }) => ({ type, sequence, data }))
/** A list of so many lines, written past the functions. */
const long = async (count: number): Promise<TestCaller> => {
  const caller = customer()
  const lines = Array.from({ length: count }, (_, index) => ({
    sku: `S-${index}`,
    addedAt: new Date(index * 1000).toISOString(),
  }))
  const keys = { pk: `wishlist#${caller.sub}`, sk: 'wishlist' }
  await service.put({ ...keys, userId: caller.sub, lines, version: 1, sequence: 0 })
  return caller
}

describe('read-wishlist', () => {
  test('newest first, with what the catalogue says of each now, by one read', async () => {
    const caller = await wishing('MUG', 'POT')
    const response = await read(caller)
    assert.deepEqual(spent(response.database), budgets['read-wishlist'])
    assert.deepEqual(skusOf(response), ['POT', 'MUG'])
    assert.deepEqual(response.body.data[0]?.offer, { productId, title: 'A POT', options: {}, price: eur(500) })
    assert.deepEqual(
      { count: response.body.count, next_cursor: response.body.next_cursor, shareId: response.body.shareId },
      { count: 2, next_cursor: null, shareId: null },
    )
    assert.equal(response.headers.etag, '"2"')
  })

  test('what is no longer sold stays, without an offer', async () => {
    const caller = await wishing('SOLD-OUT')
    gone.add('SOLD-OUT')
    const { body } = await read(caller)
    assert.deepEqual({ sku: body.data[0]?.sku, offer: body.data[0]?.offer }, { sku: 'SOLD-OUT', offer: undefined })
  })

  test('is empty at first, and not for guests', async () => {
    const response = await read(customer())
    assert.deepEqual(response.body, { data: [], next_cursor: null, count: 0, shareId: null })
    assert.equal((await read(guest())).problem.code, 'ACCOUNT_NEEDED')
  })

  test('page by page, also when the line at the end of a page goes', async () => {
    const caller = await long(5)
    const first = await read(caller, { limit: '2' })
    assert.deepEqual(skusOf(first), ['S-4', 'S-3'])
    await remove(caller, 'S-3')
    const second = await read(caller, { limit: '2', cursor: first.body.next_cursor })
    assert.deepEqual(skusOf(second), ['S-2', 'S-1'])
    const third = await read(caller, { limit: '2', cursor: second.body.next_cursor })
    assert.deepEqual({ skus: skusOf(third), next_cursor: third.body.next_cursor }, { skus: ['S-0'], next_cursor: null })
    assert.equal((await read(customer(), { cursor: first.body.next_cursor })).problem.code, 'INVALID_CURSOR')
  })

  test('cannot be shown while the catalogue does not answer', async () => {
    const caller = await wishing('MUG')
    catalogueFails = true
    try {
      assert.equal((await read(caller)).status, 503)
    } finally {
      catalogueFails = false
    }
  })
})

describe('add-to-wishlist', () => {
  test('adds by one read and one write, and tells of it once', async () => {
    const caller = customer()
    const response = await add(caller, 'MUG')
    assert.deepEqual(
      { status: response.status, trips: spent(response.database) },
      { status: 200, trips: budgets['add-to-wishlist'] },
    )
    assert.equal(response.body.offer?.title, 'A MUG')
    assert.deepEqual(await published(caller), [
      { type: 'wishlist.item-added', sequence: 1, data: { userId: caller.sub, sku: 'MUG' } },
    ])
    assert.deepEqual(spent((await add(caller, 'POT')).database), budgets['add-to-wishlist'])
    const again = await add(caller, 'MUG')
    assert.deepEqual(
      { body: again.body, trips: spent(again.database) },
      { body: response.body, trips: budgets['add-to-wishlist: unchanged'] },
    )
    assert.equal((await read(caller)).body.count, 2)
  })

  test('variants that are added at once all come onto the list, each once', async () => {
    const caller = customer()
    const skus = ['A', 'B', 'A', 'B']
    const answers = await Promise.all(skus.map((sku) => add(caller, sku)))
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]))
    assert.deepEqual(skusOf(await read(caller)).toSorted(), ['A', 'B'])
  })

  test('takes what the catalogue has; what has left it meanwhile keeps its place', async () => {
    const caller = await wishing('LEAVES')
    gone.add('LEAVES')
    assert.equal((await add(caller, 'LEAVES')).status, 200)
    assert.equal((await add(caller, 'UNKNOWN-1')).status, 404)
    assert.equal((await add(caller, 'not a sku')).status, 400)
    assert.equal((await add(caller, 'share')).status, 400)
    assert.equal((await add(guest(), 'MUG')).problem.code, 'ACCOUNT_NEEDED')
  })

  test(`takes ${maxLines} variants, and no more`, async () => {
    const caller = await long(maxLines - 1)
    assert.equal((await add(caller, 'LAST')).status, 200)
    const refused = await add(caller, 'ONE-MORE')
    assert.deepEqual({ status: refused.status, code: refused.problem.code }, { status: 409, code: 'WISHLIST_FULL' })
    assert.equal((await add(caller, 'LAST')).status, 200)
  })

  test('an old ETag is refused', async () => {
    const caller = await wishing('A', 'B')
    assert.equal((await add(caller, 'C', { 'if-match': '"1"' })).status, 412)
    assert.equal((await add(caller, 'C', { 'if-match': '"2"' })).status, 200)
  })
})

describe('remove-from-wishlist', () => {
  test('removes by one read and one write; what is not there is gone already', async () => {
    const caller = await wishing('A', 'B')
    assert.equal((await remove(caller, 'A', { 'if-match': '"1"' })).status, 412)
    const response = await remove(caller, 'A')
    assert.deepEqual(
      { status: response.status, trips: spent(response.database) },
      { status: 204, trips: budgets['remove-from-wishlist'] },
    )
    const again = await remove(caller, 'A')
    assert.deepEqual(
      { status: again.status, trips: spent(again.database) },
      { status: 204, trips: budgets['remove-from-wishlist: unchanged'] },
    )
    assert.deepEqual(skusOf(await read(caller)), ['B'])
    assert.equal((await remove(customer(), 'B')).status, 204)
    assert.deepEqual(skusOf(await read(caller)), ['B'], "another's list is another's")
  })
})

describe('share-wishlist', () => {
  test('gives one link, however often and at once it is asked for', async () => {
    const caller = await wishing('A')
    const answers = await Promise.all([share(caller), share(caller)])
    const [shareId] = answers.map(({ body }) => body.shareId)
    assert.match(shareId ?? '', /^[0-9a-f]{32}$/)
    assert.deepEqual(
      answers.map(({ body }) => body.shareId),
      [shareId, shareId],
    )
    const again = await share(caller)
    assert.deepEqual(
      { shareId: again.body.shareId, location: again.headers.location },
      { shareId, location: `/wishlists/${shareId}` },
    )
    assert.deepEqual(spent(again.database), budgets['share-wishlist: shared already'])
    assert.equal((await read(caller)).body.shareId, shareId)
    assert.equal((await share(caller, { 'if-match': '"1"' })).status, 412)
    assert.deepEqual(spent((await share(customer())).database), budgets['share-wishlist'])
  })

  test('two people have two links, and an empty list can be shared as well', async () => {
    const [one, two] = [await share(customer()), await share(customer())]
    assert.notEqual(one.body.shareId, two.body.shareId)
    assert.deepEqual((await readShared(one.body.shareId)).body, { data: [], next_cursor: null, count: 0 })
    assert.equal((await share(guest())).problem.code, 'ACCOUNT_NEEDED')
  })
})

describe('unshare-wishlist', () => {
  test('ends the link for good; sharing anew gives another', async () => {
    const caller = await wishing('A')
    const { shareId } = (await share(caller)).body
    assert.equal((await unshare(caller, { 'if-match': '"1"' })).status, 412)
    const response = await unshare(caller)
    assert.deepEqual(
      { status: response.status, trips: spent(response.database) },
      { status: 204, trips: budgets['unshare-wishlist'] },
    )
    assert.equal((await readShared(shareId)).status, 404)
    assert.deepEqual(spent((await unshare(caller)).database), budgets['unshare-wishlist: unchanged'])
    const other = (await share(caller)).body.shareId
    assert.notEqual(other, shareId)
    assert.equal((await readShared(shareId)).status, 404)
    assert.deepEqual(skusOf(await readShared(other)), ['A'])
  })
})

describe('read-shared-wishlist', () => {
  test('shows the lines to whoever has the link, by two reads, and not whose they are', async () => {
    const caller = await wishing('A', 'B')
    const { shareId } = (await share(caller)).body
    const response = await readShared(shareId)
    assert.deepEqual(
      { status: response.status, trips: spent(response.database) },
      { status: 200, trips: budgets['read-shared-wishlist'] },
    )
    assert.deepEqual(skusOf(response), ['B', 'A'])
    assert.equal(response.headers['cache-control'], 'no-store')
    assert.ok(!JSON.stringify(response.body).includes(caller.sub))
    const first = await readShared(shareId, { limit: '1' })
    assert.deepEqual(skusOf(await readShared(shareId, { cursor: first.body.next_cursor })), ['A'])
    assert.equal((await read(caller, { cursor: first.body.next_cursor })).problem.code, 'INVALID_CURSOR')
  })

  test('knows no link that was not given', async () => {
    assert.equal((await readShared('0'.repeat(32))).status, 404)
    assert.equal((await readShared('x')).status, 400)
  })
})

describe('erase-person', () => {
  const wish = (userId: string) => {
    const erasureId = `ers_${someId('usr').slice(4)}${'x'.repeat(17)}`
    return someEvent(userErasureRequested, erasureId, { userId, erasureId, ordersSettled: true })
  }
  const itemsAbout = async (text: string) =>
    (await service.items()).filter((item) => JSON.stringify(item).includes(text))
  const said = async (erasureId: string) =>
    (await service.outbox()).filter(
      ({ type, data }) => type === 'wishlist.person-erased' && data.erasureId === erasureId,
    )

  test('deletes the list and its link, once, however often it is told', async () => {
    const caller = await wishing('A', 'B')
    const { shareId } = (await share(caller)).body
    const event = wish(caller.sub)
    const before = service.database.length
    assert.deepEqual(await service.deliver('erasePerson', [event]), [])
    const done = service.database.slice(before).map(({ operation }) => operation)
    assert.deepEqual(done, ['PutItem', 'GetItem', 'TransactWriteItems', 'PutItem'])
    assert.deepEqual(await service.deliver('erasePerson', [event, { ...event, id: someId('evt') }]), [])
    assert.deepEqual(
      { subItemsAbout: await itemsAbout(caller.sub), shareIdItemsAbout: await itemsAbout(shareId) },
      { subItemsAbout: [], shareIdItemsAbout: [] },
    )
    assert.equal((await readShared(shareId)).status, 404)
    assert.equal((await said(event.data.erasureId)).length, 1)
  })

  test('a token that lives on brings nothing back', async () => {
    const caller = customer()
    const event = wish(caller.sub)
    await service.deliver('erasePerson', [event])
    assert.equal((await said(event.data.erasureId)).length, 1, 'also where there was nothing')
    for (const refused of [await add(caller, 'A'), await share(caller)])
      assert.deepEqual({ status: refused.status, code: refused.problem.code }, { status: 403, code: 'FORBIDDEN' })
    assert.equal((await remove(caller, 'A')).status, 204)
    assert.deepEqual(await itemsAbout(caller.sub), [])
  })
})

describe('export-person', () => {
  test('gives the list and its link, or nothing', async () => {
    const caller = await wishing('A')
    const { shareId } = (await share(caller)).body
    const { records, after: next } = await service.call('exportPerson', { userId: caller.sub })
    assert.equal(next, undefined)
    assert.deepEqual(
      records.map(({ kind, data }: Json) => [kind, data.shareId, data.lines.map(({ sku }: Json) => sku)]),
      [['wishlist', shareId, ['A']]],
    )
    assert.deepEqual(await service.call('exportPerson', { userId: customer().sub }), { records: [] })
  })
})

describe('the rules of a wishlist', () => {
  const line = fc.record({ sku: fc.constantFrom('A', 'B', 'C', 'D'), at: fc.nat(3) })

  test('pages show every line once, newest first, whatever the order in which they came', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), fc.integer({ min: 1, max: 3 }), (given, limit) => {
        let list = emptyWishlist('usr')
        for (const { sku, at } of given) {
          const added = withLine(withoutLine(list, sku), { sku, addedAt: `2026-01-0${at + 1}T00:00:00.000Z` })
          if (added.ok) list = added.value
        }
        const shown = []
        let last: ReturnType<typeof pageOf>['last']
        do {
          const page = pageOf(list, limit, last)
          shown.push(...page.lines)
          last = page.last
        } while (last)
        assert.deepEqual(new Set(shown), new Set(list.lines))
        assert.equal(shown.length, list.lines.length)
        const times = shown.map(({ addedAt }) => addedAt)
        assert.deepEqual(times, times.toSorted().toReversed())
      }),
      { numRuns: 100 },
    )
  })
})
