import assert from 'node:assert/strict'
import { after, beforeEach, describe, test } from 'node:test'
import { identity } from '../../../functions/identity/contract.ts'
import {
  due,
  type Erasure,
  finished,
  isFinished,
  isOverdue,
  newErasure,
} from '../../../functions/identity/privacy/domain.ts'
import {
  personalDataServiceNames,
  personalDataServices,
} from '../../../functions/identity/privacy/personal-data-services.ts'
import { userErasureRequested } from '../../../functions/published/identity.ts'
import { encodeCursor } from '../../../shared/runtime/cursor.ts'
import { deriveKeysCheaply } from '../../support/passwords.ts'
import { fc } from '../../support/property.ts'
import { spent } from '../../support/round-trips.ts'
import type { Json, TestCaller } from '../../support/service.ts'
import { guest, someEvent, someId, startService } from '../../support/service.ts'
import { budgets } from './budgets.ts'

let away: string | undefined
let pages: Record<string, Json> = {}
let asked: { service: string; input: Json }[] = []
beforeEach(() => {
  away = undefined
  pages = {}
  asked = []
})

deriveKeysCheaply()
const service = await startService(
  identity,
  {
    operations: { Sign: () => ({ KeyId: 'key-1', Signature: Buffer.from('signed').toString('base64') }) },
    procedures: Object.fromEntries(
      personalDataServiceNames.map((name) => [
        `${name}-export-person`,
        (input) => {
          asked.push({ service: name, input })
          if (away === name) throw new Error('away')
          return pages[name] ?? { records: [] }
        },
      ]),
    ),
  },
  { TOKEN_ISSUER: 'https://issuer.example', SIGNING_KEYS: '[{"name":"key-1"}]' },
)
after(() => service.stop())
const password = 'a quiet harbour at dusk'
let made = 0
const register = async (): Promise<{ caller: TestCaller; email: string; refreshToken: string }> => {
  made += 1
  const email = `leaving-${made}@example.com`
  const { body } = await service.request('register', { body: { email, password, nickname: 'Ada' } })
  return { caller: { sub: body.user.id, scope: 'shop' }, email, refreshToken: body.tokens.refreshToken }
}
const fresh = (caller: TestCaller, ageSeconds = 0): TestCaller =>
  ({ ...caller, auth_time: String(Math.floor(Date.now() / 1000) - ageSeconds) }) as TestCaller
const erase = (caller: TestCaller, body?: object) => service.request('eraseMe', { caller, body })
const read = async (erasureId: string) => (await service.request('readErasure', { params: { erasureId } })).body
const requested = async (erasureId: string) =>
  (await service.outbox()).filter(
    ({ type, aggregateId }) => type === userErasureRequested.type && aggregateId === erasureId,
  )
const erasedBy = (erasureId: string, of: (typeof personalDataServices)[number]['personErased']) =>
  someEvent(of, `${of.service}-${erasureId}`, { erasureId, service: of.service })
const itemsWith = async (text: string) => (await service.items()).filter((item) => JSON.stringify(item).includes(text))
/** Lets an erasure be due now, as only time would. */
const makeDue = async (erasureId: string) => {
  const [item] = (await service.items()).filter(({ pk }) => pk === `erasure#${erasureId}`)
  const dueAt = new Date(Date.now() - 1000).toISOString()
  await service.put({ ...item, dueAt, gsi1sk: `${dueAt}#${erasureId}` })
}

describe('erase-me', () => {
  test('ends the account, frees its address and begins a receipt that names nobody, in one transaction', async () => {
    const { caller, email, refreshToken } = await register()
    const response = await erase(fresh(caller))
    assert.equal(response.status, 202)
    assert.deepEqual(spent(response.database), budgets['erase-me'])
    assert.match(response.body.id, /^ers_[A-Za-z0-9_-]{43}$/)
    assert.equal(response.headers.location, `/erasures/${response.body.id}`)
    assert.equal(response.body.status, 'erasing')
    assert.deepEqual(
      response.body.services.map(({ service: name, status }: Json) => [name, status]),
      personalDataServiceNames.map((name) => [name, 'erasing']),
    )
    assert.ok(!JSON.stringify(response.body).includes(caller.sub))
    const [event] = await requested(response.body.id)
    assert.deepEqual(event?.data, { userId: caller.sub, erasureId: response.body.id, ordersSettled: false })

    assert.equal((await service.request('login', { body: { email, password } })).problem.code, 'WRONG_CREDENTIALS')
    assert.equal((await service.request('refresh', { body: { refreshToken } })).problem.code, 'INVALID_REFRESH_TOKEN')
    assert.deepEqual(await itemsWith(email), [])
    assert.equal((await service.request('register', { body: { email, password } })).status, 201)
  })

  test('asked again, with the token that still lives, it answers with the same receipt', async () => {
    const { caller } = await register()
    const [first, second] = [await erase(fresh(caller)), await erase(caller)]
    assert.deepEqual({ status: second.status, body: second.body }, { status: 202, body: first.body })
    const atOnce = await register()
    const answers = await Promise.all([1, 2, 3].map(() => erase(fresh(atOnce.caller))))
    assert.equal(new Set(answers.map(({ body }) => body.id)).size, 1)
  })

  test('an old log-in needs the password, which is guessed no more often than at log-in', async () => {
    const { caller } = await register()
    for (const tired of [caller, fresh(caller, 16 * 60)]) {
      const refused = await erase(tired)
      assert.deepEqual(
        { status: refused.status, code: refused.problem.code },
        { status: 403, code: 'REAUTHENTICATION_REQUIRED' },
      )
    }
    const wrong = await erase(caller, { password: 'not the password' })
    assert.deepEqual({ status: wrong.status, code: wrong.problem.code }, { status: 403, code: 'WRONG_PASSWORD' })
    assert.equal((await erase(caller, { password })).status, 202)

    const other = await register()
    for (let guess = 0; guess < 10; guess += 1) await erase(other.caller, { password: `guess ${guess}` })
    const locked = await erase(other.caller, { password })
    assert.deepEqual({ status: locked.status, code: locked.problem.code }, { status: 429, code: 'TOO_MANY_REQUESTS' })
    assert.ok(Number(locked.headers['retry-after']) > 60)
  })

  test('a guest has a token only, and it is enough', async () => {
    const { body } = await service.request('guest')
    const claims = JSON.parse(Buffer.from(body.tokens.accessToken.split('.')[1] ?? '', 'base64url').toString())
    const caller = { sub: String(claims.sub), scope: 'shop' }
    assert.equal(claims.auth_time, undefined)
    assert.equal((await erase(caller)).status, 202)
    const refused = await service.request('refresh', { body: { refreshToken: body.tokens.refreshToken } })
    assert.equal(refused.problem.code, 'INVALID_REFRESH_TOKEN')
  })

  test('staff give their role back first', async () => {
    const created = await service.call('createStaff', { email: `staff-${made}@example.com`, password })
    assert.equal(created.outcome, 'created')
    const refused = await erase(fresh({ sub: created.userId, scope: 'shop staff' }))
    assert.deepEqual({ status: refused.status, code: refused.problem.code }, { status: 409, code: 'STAFF_ACCOUNT' })
  })

  test('refuses what it does not know', async () => {
    const { caller } = await register()
    assert.equal((await erase(fresh(caller), { reason: 'x' })).problem.errors?.[0]?.pointer, '/reason')
  })
})

describe('log-in time', () => {
  test('is when the password was shown, also after a refresh', async () => {
    const { refreshToken } = await register()
    const { body } = await service.request('refresh', { body: { refreshToken } })
    const claims = JSON.parse(Buffer.from(body.tokens.accessToken.split('.')[1] ?? '', 'base64url').toString())
    assert.ok(Math.abs(claims.auth_time - claims.iat) < 60)
    const [family] = (await service.items()).filter(({ pk }) => pk === `family#${refreshToken.split('.')[0]}`)
    assert.equal(family.authenticatedAt, claims.auth_time)
  })
})

describe('read-erasure', () => {
  test('needs the id and nothing else, in one read', async () => {
    const { body } = await erase(guest())
    const response = await service.request('readErasure', { params: { erasureId: body.id } })
    assert.deepEqual(
      { status: response.status, body: response.body, trips: spent(response.database) },
      { status: 200, body, trips: budgets['read-erasure'] },
    )
    assert.equal(response.headers['cache-control'], 'no-store')
    const unknown = await service.request('readErasure', { params: { erasureId: `ers_${'A'.repeat(43)}` } })
    assert.equal(unknown.status, 404)
    assert.equal((await service.request('readErasure', { params: { erasureId: 'ers_1' } })).status, 400)
  })
})

describe('erase-person', () => {
  test('deletes every session, says so once, and finds a session again that came late', async () => {
    const { caller, email } = await register()
    for (const _ of [1, 2]) await service.request('login', { body: { email, password } })
    const { body } = await erase(fresh(caller))
    const event = someEvent(userErasureRequested, body.id, {
      userId: caller.sub,
      erasureId: body.id,
      ordersSettled: false,
    })
    const before = service.database.length
    assert.deepEqual(await service.deliver('erasePerson', [event]), [])
    const used = service.database.slice(before).map(({ operation }) => operation)
    assert.deepEqual(used.toSorted(), ['DeleteItem', 'DeleteItem', 'DeleteItem', 'PutItem', 'PutItem', 'Query'])
    const said = async () =>
      (await service.outbox()).filter(({ type, data }) => /erased$/.test(type) && data.erasureId === body.id)
    assert.deepEqual(
      (await said()).map(({ type, data, sequence }) => [type, data, sequence]),
      [['identity.person-erased', { erasureId: body.id, service: 'identity' }, 1]],
    )
    const left = (await itemsWith(caller.sub)).map(({ sk }) => sk)
    assert.deepEqual(left, ['erasure'], 'whom it is about, until all have finished')

    await service.put({ pk: 'family#late', sk: 'family', gsi1pk: `person#${caller.sub}`, gsi1sk: 'late' })
    assert.deepEqual(await service.deliver('erasePerson', [event, { ...event, id: someId('evt') }]), [])
    assert.deepEqual(
      (await itemsWith(caller.sub)).map(({ sk }) => sk),
      ['erasure'],
    )
    assert.equal((await said()).length, 1)
  })
})

describe('record-erased', () => {
  test('marks each service once; when the orders are settled, the others are told at once', async () => {
    const caller = guest()
    const { body } = await erase(caller)
    for (const holder of personalDataServices.filter(({ personErased }) => personErased.service !== 'orders')) {
      const event = erasedBy(body.id, holder.personErased)
      assert.deepEqual(await service.deliver('recordErased', [event, { ...event, id: someId('evt') }]), [])
    }
    assert.equal((await read(body.id)).status, 'erasing')
    const orders = personalDataServices.find(({ personErased }) => personErased.service === 'orders')
    assert.ok(orders)
    assert.deepEqual(await service.deliver('recordErased', [erasedBy(body.id, orders.personErased)]), [])
    const receipt = await read(body.id)
    assert.equal(receipt.status, 'erased')
    assert.ok(receipt.services.every(({ status, finishedAt }: Json) => status === 'erased' && finishedAt))

    const waiting = (await erase(guest())).body.id
    await service.deliver('recordErased', [erasedBy(waiting, orders.personErased)])
    const told = await requested(waiting)
    assert.deepEqual(
      told.map(({ sequence, data }) => [sequence, data.ordersSettled]),
      [[2, true]],
    )
  })

  test('an erasure that is not known any more is none of its business', async () => {
    const [first] = personalDataServices
    assert.deepEqual(await service.deliver('recordErased', [erasedBy(`ers_${'B'.repeat(43)}`, first.personErased)]), [])
  })
})

describe('pursue-erasures', () => {
  test('tells again who has not finished, looks once more when all have, then forgets whom it was about', async () => {
    const caller = guest()
    const { body } = await erase(caller)
    await service.run('pursueErasures')
    assert.deepEqual(
      (await requested(body.id)).map(({ sequence }) => sequence),
      [1],
      'not before its time',
    )
    await makeDue(body.id)
    await service.run('pursueErasures')
    assert.deepEqual(
      (await requested(body.id)).map(({ sequence }) => sequence),
      [2],
    )

    for (const { personErased } of personalDataServices)
      await service.deliver('recordErased', [erasedBy(body.id, personErased)])
    const before = (await requested(body.id)).length
    await makeDue(body.id)
    await service.run('pursueErasures')
    const [again] = await requested(body.id)
    assert.deepEqual({ before, userId: again?.data.userId }, { before: 0, userId: caller.sub })
    await makeDue(body.id)
    await service.run('pursueErasures')
    assert.deepEqual(await requested(body.id), [])
    assert.deepEqual(await itemsWith(caller.sub), [])
    assert.equal((await read(body.id)).status, 'erased')
    const [item] = await itemsWith(`erasure#${body.id}`)
    assert.equal(item.gsi1pk, undefined)
    assert.ok(item.expiresAt > Date.now() / 1000)
  })
})

describe('export-me', () => {
  test('asks every service, and goes on only where there is more', async () => {
    const caller = guest()
    pages = { orders: { records: [{ kind: 'order', data: { number: '1' } }], after: 'order#here' } }
    const first = await service.request('exportMe', { caller })
    assert.equal(first.status, 200)
    assert.deepEqual(first.body.services.orders, [{ kind: 'order', data: { number: '1' } }])
    assert.deepEqual(Object.keys(first.body.services).toSorted(), [...personalDataServiceNames].toSorted())
    assert.deepEqual(new Set(asked.map(({ input }) => input.userId)), new Set([caller.sub]))
    asked = []
    pages = { orders: { records: [{ kind: 'order', data: { number: '2' } }] } }
    const query = { cursor: first.body.next_cursor }
    const second = await service.request('exportMe', { caller, query })
    assert.deepEqual(asked, [{ service: 'orders', input: { userId: caller.sub, after: 'order#here' } }])
    assert.deepEqual(second.body.services, { orders: [{ kind: 'order', data: { number: '2' } }] })
    assert.equal(second.body.next_cursor, null)
    const foreign = await service.request('exportMe', { caller: guest(), query })
    assert.deepEqual({ status: foreign.status, code: foreign.problem.code }, { status: 400, code: 'INVALID_CURSOR' })
  })

  test('asks nobody for a position that no service can have given, and takes whatever else a client makes up', async () => {
    const caller = guest()
    const asking = async (key: Record<string, string>) => {
      asked = []
      const cursor = encodeCursor(`export of ${caller.sub}`, key)
      const answer = await service.request('exportMe', { caller, query: { cursor } })
      return [answer.status, answer.ok ? undefined : answer.problem.code, asked.length]
    }
    for (const position of ['\ud800', 'order#\u0000', 'x'.repeat(301)]) {
      assert.deepEqual(await asking({ orders: position }), [400, 'INVALID_CURSOR', 0])
    }
    pages = {}
    for (const position of ['session#\u{10ffff}', 'session#\uffff', '\u{1f600}', 'x'.repeat(300)])
      assert.deepEqual(await asking({ orders: position }), [200, undefined, 1])
    assert.deepEqual(await asking({ 'no service': 'x' }), [200, undefined, 0])
    for (const position of ['session#\u{10ffff}', 'session#\uffff\uffff', `session#${'\u{1f600}'.repeat(140)}`])
      assert.deepEqual(await service.call('exportPerson', { userId: caller.sub, after: position }), { records: [] })
  })

  test('is no half export when a service is away', async () => {
    away = 'orders'
    const response = await service.request('exportMe', { caller: guest() })
    assert.deepEqual({ status: response.status, code: response.problem.code }, { status: 503, code: 'UNAVAILABLE' })
    assert.ok(response.headers['retry-after'])
  })
})

describe('export-person', () => {
  test('gives the account and its sessions, without the password', async () => {
    const { caller, email } = await register()
    await service.request('login', { body: { email, password } })
    const { records, after: next } = await service.call('exportPerson', { userId: caller.sub })
    assert.equal(next, undefined)
    assert.deepEqual(
      records.map(({ kind }: Json) => kind),
      ['account', 'session', 'session'],
    )
    assert.deepEqual({ email: records[0]?.data.email, nickname: records[0]?.data.nickname }, { email, nickname: 'Ada' })
    assert.doesNotMatch(JSON.stringify(records), /argon|scrypt|Hash|salt/)
    assert.deepEqual(
      await service.call('exportPerson', { userId: caller.sub, after: `session#${records[2]?.data.id}` }),
      {
        records: [],
      },
    )
  })
})

describe('the course of an erasure', () => {
  const wish = { id: 'ers_1', userId: 'usr_1', services: ['orders', 'carts', 'shipping'], atMs: 0 }
  const day = 86_400_000

  test('whatever is heard in whatever order, all are told until they are done, and it comes to rest', () => {
    const News = fc.array(fc.constantFrom('orders', 'carts', 'shipping', 'unknown'), { maxLength: 12 })
    fc.assert(
      fc.property(News, (news) => {
        let erasure: Erasure = newErasure(wish)
        let nowMs = 0
        for (const holder of [...news, ...wish.services]) {
          nowMs += 1000
          erasure = finished(erasure, holder, nowMs)?.erasure ?? erasure
          assert.equal(finished(erasure, holder, nowMs + 1), undefined, 'once only')
        }
        assert.ok(isFinished(erasure))
        const told: boolean[] = []
        for (let rounds = 0; erasure.dueAt !== undefined && rounds < 10; rounds += 1) {
          const step = due(erasure, Date.parse(erasure.dueAt))
          assert.ok(step)
          told.push(step.tell)
          erasure = step.erasure
        }
        assert.deepEqual(told, [true, false])
        assert.equal(erasure.userId, undefined)
      }),
      { numRuns: 50 },
    )
  })

  test('is told again at growing intervals, never more than six hours apart', () => {
    let erasure = newErasure(wish)
    const pauses: number[] = []
    for (let rounds = 0; rounds < 12; rounds += 1) {
      const at = Date.parse(erasure.dueAt ?? '')
      assert.equal(due(erasure, at - 1), undefined)
      const step = due(erasure, at)
      assert.ok(step?.tell)
      erasure = step.erasure
      pauses.push((Date.parse(erasure.dueAt ?? '') - at) / 1000)
    }
    assert.deepEqual(pauses.slice(0, 3), [150, 300, 600])
    assert.equal(pauses.at(-1), 6 * 3600)
  })

  test('is overdue after a day, or while orders are under way after twenty', () => {
    const erasure = newErasure(wish)
    assert.deepEqual([isOverdue(erasure, 19 * day), isOverdue(erasure, 21 * day)], [false, true])
    const settled = finished(erasure, 'orders', 1000)?.erasure ?? erasure
    assert.deepEqual([isOverdue(settled, 23 * 3_600_000), isOverdue(settled, 2 * day)], [false, true])
  })
})
