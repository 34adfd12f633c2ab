import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import {
  type AddressBook,
  emptyBook,
  mostAddresses,
  type Purpose,
  purposesOf,
  withEntry,
  withoutEntry,
} from '../../../functions/profiles/addresses/addresses.ts'
import { profiles } from '../../../functions/profiles/contract.ts'
import { fc } from '../../support/property.ts'
import { spent } from '../../support/round-trips.ts'
import { customer, type Json, someId, startService, type TestCaller } from '../../support/service.ts'
import { budgets } from './budgets.ts'

const service = await startService(profiles)
after(() => service.stop())

const home = { name: 'Ada Lovelace', line1: '12 Dock Road', city: 'Berlin', postalCode: '10115', country: 'DE' }
const list = (caller: TestCaller) => service.request('listAddresses', { caller })
const add = (caller: TestCaller, more: object = {}, headers = {}) =>
  service.request('addAddress', { caller, body: { ...home, ...more }, headers })
const read = (caller: TestCaller, addressId: string) =>
  service.request('readAddress', { caller, params: { addressId } })
const replace = (caller: TestCaller, addressId: string, more: object = {}, headers = {}) =>
  service.request('replaceAddress', { caller, params: { addressId }, body: { ...home, ...more }, headers })
const remove = (caller: TestCaller, addressId: string, headers = {}) =>
  service.request('removeAddress', { caller, params: { addressId }, headers })
/** What each address is the default for, the oldest first. */
const defaultsOf = async (caller: TestCaller): Promise<string[][]> =>
  (await list(caller)).body.data.map(({ defaultFor }: Json) => defaultFor)

describe('list-addresses', () => {
  test('begins empty, in one read, and shows one’s own only', async () => {
    const [me, other] = [customer(), customer()]
    const empty = await list(me)
    assert.deepEqual(
      { status: empty.status, body: empty.body, etag: empty.headers.etag },
      { status: 200, body: { data: [] }, etag: '"0"' },
    )
    assert.deepEqual(spent(empty.database), budgets['list-addresses'])
    await add(other)
    assert.deepEqual((await list(me)).body, { data: [] })
    assert.equal((await list({ sub: someId('gst'), scope: 'shop' })).problem.code, 'ACCOUNT_NEEDED')
  })
})

describe('add-address', () => {
  test('keeps an address as given; the first is the default for everything', async () => {
    const me = customer()
    const first = await add(me)
    assert.deepEqual(
      { status: first.status, trips: spent(first.database), etag: first.headers.etag },
      { status: 201, trips: budgets['add-address'], etag: '"1"' },
    )
    assert.deepEqual(first.body, { ...home, id: first.body.id, defaultFor: ['shipping', 'billing'] })
    assert.equal(first.headers.location, `/me/addresses/${first.body.id}`)
    assert.deepEqual(spent((await add(me, { line1: '1 Other Road' })).database), budgets['add-address'])
    assert.deepEqual(await defaultsOf(me), [['shipping', 'billing'], []])
    const third = await add(me, { defaultFor: ['billing'] })
    assert.deepEqual(third.body.defaultFor, ['billing'])
    assert.deepEqual(await defaultsOf(me), [['shipping'], [], ['billing']])
  })

  test('with a key: once, answered again as it stands now; another body under it is refused', async () => {
    const me = customer()
    const key = { 'idempotency-key': 'k' }
    const first = await add(me, {}, key)
    assert.deepEqual(spent(first.database), budgets['add-address: with a key'])
    const again = await add(me, {}, key)
    assert.deepEqual(
      { status: again.status, body: again.body, idempotentReplayed: again.headers['idempotent-replayed'] },
      { status: 201, body: first.body, idempotentReplayed: 'true' },
    )
    assert.equal((await list(me)).body.data.length, 1)
    assert.equal((await add(me, { line1: 'elsewhere' }, key)).problem.code, 'IDEMPOTENCY_KEY_REUSED')
    await Promise.all([1, 2, 3].map(() => add(me, {}, { 'idempotency-key': 'at-once' })))
    assert.equal((await list(me)).body.data.length, 2)
    await remove(me, first.body.id)
    assert.equal((await add(me, {}, key)).status, 404)
  })

  test('up to fifty, also when they come at once; the largest of them fit', async () => {
    const me = customer()
    const long = (length: number) => '漢'.repeat(length)
    const large = {
      name: long(100),
      company: long(100),
      line1: long(100),
      line2: long(100),
      city: long(100),
      region: long(100),
      phone: '1'.repeat(40),
    }
    for (let count = 1; count < mostAddresses; count += 1) assert.equal((await add(me, large)).status, 201)
    const answers = await Promise.all([add(me, large), add(me, large), add(me, large)])
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [201, 409, 409])
    assert.equal((await add(me)).problem.code, 'TOO_MANY_ADDRESSES')
    assert.equal((await list(me)).body.data.length, mostAddresses)
  })

  test('refuses what is no address of its country, saying which field', async () => {
    const me = customer()
    const wrong = async (more: object) => {
      const { status, problem, database } = await add(me, more)
      assert.deepEqual({ status, code: problem.code, database }, { status: 400, code: 'INVALID_INPUT', database: [] })
      return problem.errors?.map(({ pointer }: Json) => pointer)
    }
    assert.deepEqual(await wrong({ postalCode: '1011' }), ['/postalCode'])
    assert.deepEqual(await wrong({ country: 'ZZ' }), ['/country'])
    assert.deepEqual(await wrong({ country: 'US' }), ['/region'])
    assert.deepEqual(await wrong({ country: 'US', postalCode: 'x' }), ['/region', '/postalCode'])
    assert.deepEqual(await wrong({ name: '' }), ['/name'])
    assert.deepEqual(await wrong({ isAdmin: true }), ['/isAdmin'])
    assert.equal((await add(me, {}, { 'if-match': '"5"' })).status, 412)
  })
})

describe('read-address', () => {
  test('is for its owner, in one read', async () => {
    const me = customer()
    const { body } = await add(me)
    const mine = await read(me, body.id)
    assert.deepEqual(
      { status: mine.status, body: mine.body, trips: spent(mine.database) },
      { status: 200, body, trips: budgets['read-address'] },
    )
    assert.equal((await read(customer(), body.id)).status, 404)
    assert.equal((await read(me, someId('adr'))).status, 404)
  })
})

describe('replace-address', () => {
  test('puts another in its place, and moves defaults', async () => {
    const me = customer()
    const [first, second] = [(await add(me)).body, (await add(me)).body]
    const answer = await replace(me, second.id, { line1: '7 New Road', defaultFor: ['shipping'] })
    assert.deepEqual(
      { status: answer.status, trips: spent(answer.database) },
      { status: 200, trips: budgets['replace-address'] },
    )
    assert.deepEqual(answer.body, { ...home, line1: '7 New Road', id: second.id, defaultFor: ['shipping'] })
    assert.deepEqual(await defaultsOf(me), [['billing'], ['shipping']])
    assert.deepEqual((await replace(me, first.id)).body.defaultFor, ['billing'])
  })

  test('honours If-Match of all addresses together; another’s, and nonsense, are refused', async () => {
    const me = customer()
    const { id } = (await add(me)).body
    await add(me)
    assert.equal((await replace(me, id, {}, { 'if-match': '"1"' })).status, 412)
    assert.equal((await replace(me, id, {}, { 'if-match': '"2"' })).status, 200)
    assert.equal((await replace(me, id, { postalCode: 'x' })).problem.code, 'INVALID_INPUT')
    assert.equal((await replace(customer(), id)).status, 404)
    assert.equal((await list(me)).body.data.length, 2)
  })
})

describe('remove-address', () => {
  test('takes it away once; the oldest that is left inherits its defaults', async () => {
    const me = customer()
    const ids: string[] = []
    for (const _ of [1, 2, 3]) ids.push((await add(me)).body.id)
    const [first = '', second = '', third = ''] = ids
    assert.equal((await remove(customer(), first)).status, 404)
    assert.equal((await remove(me, first, { 'if-match': '"9"' })).status, 412)
    const gone = await remove(me, first)
    assert.deepEqual(
      { status: gone.status, trips: spent(gone.database) },
      { status: 204, trips: budgets['remove-address'] },
    )
    assert.equal((await remove(me, first)).status, 404)
    assert.deepEqual(await defaultsOf(me), [['shipping', 'billing'], []])
    await Promise.all([remove(me, second), remove(me, third)])
    assert.deepEqual((await list(me)).body, { data: [] })
    assert.deepEqual((await add(me)).body.defaultFor, ['shipping', 'billing'])
  })
})

describe('an address book', () => {
  type Step = { remove: number } | { put: number; purposes: Purpose[] }
  const purposes = fc.uniqueArray(fc.constantFrom<Purpose>('shipping', 'billing'))
  const step: fc.Arbitrary<Step> = fc.oneof(fc.record({ remove: fc.nat(5) }), fc.record({ put: fc.nat(5), purposes }))

  test('has one default for each purpose as long as it holds anything, whatever is done to it', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        let book: AddressBook = emptyBook('usr')
        for (const doing of steps) {
          book =
            'remove' in doing
              ? withoutEntry(book, `adr${doing.remove}`)
              : withEntry(book, { id: `adr${doing.put}`, address: home }, doing.purposes)
          const ids = book.entries.map(({ id }) => id)
          assert.equal(new Set(ids).size, ids.length)
          for (const purpose of ['shipping', 'billing'] as const) {
            const holders = ids.filter((id) => purposesOf(book, id).includes(purpose))
            assert.equal(holders.length, ids.length > 0 ? 1 : 0)
          }
          if ('put' in doing)
            for (const purpose of doing.purposes) assert.ok(purposesOf(book, `adr${doing.put}`).includes(purpose))
        }
      }),
      { numRuns: 200 },
    )
  })
})
