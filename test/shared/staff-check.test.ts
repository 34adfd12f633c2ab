import assert from 'node:assert/strict'
import { beforeEach, describe, mock, test } from 'node:test'
import * as z from 'zod/mini'
import { services } from '../../functions/services.ts'
import { type EndpointDeclaration, endpoint } from '../../shared/contract/endpoint.ts'
import { callsOf, checkStaff, checksStaff } from '../../shared/contract/staff-check.ts'
import { UnavailableError } from '../../shared/runtime/errors.ts'
import type { Invoke } from '../../shared/runtime/invoke.ts'
import { stillStaff } from '../../shared/runtime/staff-check.ts'

process.env.SHOP_PREFIX = 'shop-test'

describe('whether someone is still staff', () => {
  let nowMs = 0
  let asked: unknown[] = []
  let answer: () => unknown = () => ({ isStaff: true })
  const invoke: Invoke = async (name, payload) => {
    asked.push([name, JSON.parse(payload).input])
    return answer()
  }
  const isStillStaff = () => stillStaff(invoke)
  const [ada, bob] = [{ id: 'usr_ada', sessionId: 'fam_one' }, { id: 'usr_bob' }]

  mock.method(Date, 'now', () => nowMs)

  beforeEach(() => {
    nowMs = 1_000_000
    asked = []
    answer = () => ({ isStaff: true })
  })

  test('is asked of identity, with the session of the token, and a yes holds for 30 seconds', async () => {
    const is = isStillStaff()
    assert.equal(await is(ada), true)
    assert.deepEqual(asked, [['shop-test-identity-check-staff', { userId: 'usr_ada', sessionId: 'fam_one' }]])
    answer = () => ({ isStaff: false })
    nowMs += 29_999
    assert.equal(await is(ada), true)
    nowMs += 1
    assert.equal(await is(ada), false)
    assert.equal(asked.length, 2)
  })

  test('a yes is that of one caller and one session, and a no is not remembered', async () => {
    const is = isStillStaff()
    await is(ada)
    answer = () => ({ isStaff: false })
    for (const caller of [bob, { ...ada, sessionId: 'fam_two' }, { id: ada.id }]) assert.equal(await is(caller), false)
    answer = () => ({ isStaff: true })
    assert.equal(await is(bob), true)
  })

  test('nobody is staff while identity cannot be asked; one failure is tried again', async () => {
    const is = isStillStaff()
    answer = () => {
      throw new Error('away')
    }
    await assert.rejects(is(ada), UnavailableError)
    assert.equal(asked.length, 2)
    answer = () => {
      if (asked.length === 3) throw new Error('away')
      return { isStaff: true }
    }
    assert.equal(await is(ada), true)
  })

  test('no more callers are remembered than a bound', async () => {
    const is = isStillStaff()
    for (let caller = 0; caller < 250; caller += 1) await is({ id: `usr_${caller}` })
    asked = []
    await is({ id: 'usr_249' })
    await is({ id: 'usr_0' })
    assert.equal(asked.length, 1)
  })
})

describe('who asks', () => {
  const endpoints = services.flatMap((service) =>
    Object.entries<EndpointDeclaration>(service.endpoints).map(([name, declaration]) => ({ name, declaration })),
  )

  test('every endpoint that is for staff, or does more for them, and is granted the call; the others are not', () => {
    const asking = endpoints.filter(({ declaration }) => checksStaff(declaration))
    const looking = endpoints.filter(({ declaration }) => declaration.staffCheck === 'in-function')
    for (const { name, declaration } of endpoints)
      if (declaration.caller === 'staff')
        assert.ok(
          [...asking, ...looking].some((one) => one.name === name),
          name,
        )
    assert.deepEqual(looking.map(({ name }) => name).toSorted(), ['readRoles', 'setRoles'])
    for (const { name, declaration } of asking) assert.ok(callsOf(declaration).includes(checkStaff), name)
    assert.ok(asking.length > 30)
    const readMe = endpoint({
      method: 'GET',
      path: '/me',
      caller: 'shopper',
      summary: 'x',
      success: { status: 200, body: z.string() },
    })
    assert.deepEqual(callsOf(readMe), [])
  })
})
