import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { orders } from '../../../functions/orders/contract.ts'
import type { Order, Status } from '../../../functions/orders/domain.ts'
import { isAtRest } from '../../../functions/orders/privacy/domain.ts'
import { userErasureRequested } from '../../../functions/published/identity.ts'
import { erasedUserId } from '../../../shared/domain/erased-user.ts'
import { spent } from '../../support/round-trips.ts'
import { customer, type Json, someEvent, someId, staff, startService, type TestCaller } from '../../support/service.ts'
import { budgets } from './budgets.ts'

const eur = (amount: number) => ({ amount, currency: 'EUR' })
const service = await startService(orders, {
  procedures: {
    'carts-checkout-snapshot': () => ({ cart: { id: someId('crt'), version: 4, lines: [{ sku: 'A', quantity: 2 }] } }),
    'catalog-quote': () => ({
      variants: [
        { sku: 'A', productId: someId('prd'), title: 'Kettle', options: {}, unitPrice: eur(1000), weightGrams: 700 },
      ],
    }),
    'shipping-quote': () => ({ method: { id: 'standard', title: 'Standard', price: eur(490) } }),
  },
})
after(() => service.stop())

const marks = ['ada@marked.example', 'Marked Lovelace', '12 Marked Road', 'Markedtown', '+49 30 Marked', 'Marked & Co']
const [email, name, line1, city, phone, company] = marks
let orderCount = 0

/** An order of this person as it stands, with whatever can stand in it, in that status. */
const orderOf = async (caller: TestCaller, status: Status, more: Json = {}): Promise<string> => {
  orderCount += 1
  const { body } = await service.request('placeOrder', {
    caller,
    headers: { 'idempotency-key': `key-${orderCount}` },
    body: {
      cartId: someId('crt'),
      email,
      shippingAddress: { name, company, line1, city, phone, postalCode: '10115', country: 'DE' },
      shippingMethod: 'standard',
      payment: { method: 'sandbox_ok' },
    },
  })
  await service.request('addNote', {
    caller: staff(),
    params: { orderId: body.id },
    body: { text: 'Marked called about the kettle' },
  })
  const [item] = (await service.items()).filter(({ pk, sk }) => pk === `order#${body.id}` && sk === 'order')
  const timeline = [...item.timeline, { at: new Date().toISOString(), status }]
  await service.put({ ...item, status, timeline, ...more })
  return body.id
}
const wish = (userId: string) => {
  const erasureId = `ers_${someId('usr').slice(4)}${'x'.repeat(17)}`
  return someEvent(userErasureRequested, erasureId, { userId, erasureId, ordersSettled: false })
}
const itemsAbout = async (...texts: string[]) =>
  (await service.items()).filter((item) => texts.some((text) => JSON.stringify(item).includes(text)))
const said = async (erasureId: string) =>
  (await service.outbox()).filter(({ type, data }) => type === 'orders.person-erased' && data.erasureId === erasureId)
const readAs = async (caller: TestCaller, orderId: string) =>
  service.request('readOrder', { caller, params: { orderId } })

describe('erase-person', () => {
  test('leaves what was sold, for how much and with which tax, and nothing of whom', async () => {
    const caller = customer()
    const returned = {
      id: someId('ret'),
      status: 'requested',
      lines: [{ sku: 'A', quantity: 1 }],
      refund: eur(1000),
      reason: 'Marked is too short',
      requestedAt: new Date().toISOString(),
      version: 1,
    }
    const orderId = await orderOf(caller, 'completed', { returns: [returned] })
    const { body: before } = await readAs(staff(), orderId)
    const event = wish(caller.sub)
    const calls = service.database.length
    assert.deepEqual(await service.deliver('erasePerson', [event]), [])
    assert.deepEqual(spent(service.database.slice(calls)), budgets['erase-person'])
    assert.deepEqual(await itemsAbout(caller.sub, 'arked'), [])
    const { body: erased } = await readAs(staff(), orderId)
    const { shippingAddress, email: _, returns, version, ...kept } = before
    assert.deepEqual(erased, {
      ...kept,
      shippingAddress: { name: 'erased', line1: 'erased', city: 'erased', postalCode: 'erased', country: 'DE' },
      returns: returns.map(({ reason: _reason, ...rest }: Json) => rest),
      version: version + 1,
    })
    assert.equal((await readAs(caller, orderId)).status, 404)
    assert.deepEqual((await service.request('listOrders', { caller })).body.data, [])
    assert.deepEqual(await service.call('exportPerson', { userId: caller.sub }), { records: [] })
    const everyone = await service.request('listOrders', { caller: staff(), query: { scope: 'all', limit: '100' } })
    assert.ok(everyone.body.data.some(({ id }: Json) => id === orderId))

    assert.deepEqual(await service.deliver('erasePerson', [event, { ...event, id: someId('evt') }]), [])
    assert.deepEqual(
      (await said(event.data.erasureId)).map(({ sequence }) => sequence),
      [1],
    )
  })

  test('fulfils what is under way first, and erases the rest at once', async () => {
    const caller = customer()
    const [resting, running] = [await orderOf(caller, 'delivered'), await orderOf(caller, 'confirmed')]
    const event = wish(caller.sub)
    assert.deepEqual(await service.deliver('erasePerson', [event]), [])
    assert.equal((await readAs(staff(), resting)).body.shippingAddress.name, 'erased')
    assert.equal((await readAs(staff(), running)).body.shippingAddress.name, name)
    assert.deepEqual(await said(event.data.erasureId), [])
    const [item] = (await service.items()).filter(({ pk, sk }) => pk === `order#${running}` && sk === 'order')
    await service.put({ ...item, status: 'cancelled', reason: 'by-staff' })
    assert.deepEqual(await service.deliver('erasePerson', [{ ...event, id: someId('evt'), sequence: 2 }]), [])
    assert.deepEqual(await itemsAbout(caller.sub, 'arked'), [])
    assert.equal((await said(event.data.erasureId)).length, 1)
  })

  test('an order that changes at that very moment is erased as it is then', async () => {
    const caller = customer()
    const orderId = await orderOf(caller, 'delivered')
    const [item] = (await service.items()).filter(({ pk, sk }) => pk === `order#${orderId}` && sk === 'order')
    service.fakes.fails = async ({ operation, input }) => {
      if (operation !== 'PutItem' || !JSON.stringify(input).includes(`order#${orderId}`)) return false
      service.fakes.fails = undefined
      await service.put({ ...item, status: 'completed', version: item.version + 1 })
      return false
    }
    assert.deepEqual(await service.deliver('erasePerson', [wish(caller.sub)]), [])
    const { body } = await readAs(staff(), orderId)
    assert.deepEqual({ status: body.status, name: body.shippingAddress.name }, { status: 'completed', name: 'erased' })
    assert.deepEqual(await itemsAbout(caller.sub, 'arked'), [])
  })

  test('goes through as many orders as there are', async () => {
    const caller = customer()
    const first = await orderOf(caller, 'completed')
    const [item] = (await service.items()).filter(({ pk, sk }) => pk === `order#${first}` && sk === 'order')
    for (let copy = 0; copy < 60; copy += 1) {
      const id = someId('ord')
      await service.put({ ...item, pk: `order#${id}`, id, gsi1sk: `${item.timeline[0].at}#${id}` })
    }
    const event = wish(caller.sub)
    assert.deepEqual(await service.deliver('erasePerson', [event]), [])
    assert.deepEqual(await itemsAbout(caller.sub, 'arked'), [])
    assert.equal((await said(event.data.erasureId)).length, 1)
  })

  test('after it, no new order is taken for this person', async () => {
    const caller = customer()
    assert.deepEqual(await service.deliver('erasePerson', [wish(caller.sub)]), [])
    const refused = await service.request('placeOrder', {
      caller,
      headers: { 'idempotency-key': 'late' },
      body: {
        cartId: someId('crt'),
        email: 'late@example.com',
        shippingAddress: { name: 'Late', line1: 'x', city: 'y', postalCode: '10115', country: 'DE' },
        shippingMethod: 'standard',
        payment: { method: 'sandbox_ok' },
      },
    })
    assert.deepEqual({ status: refused.status, code: refused.problem.code }, { status: 403, code: 'FORBIDDEN' })
    assert.deepEqual(await itemsAbout(caller.sub, 'Late'), [])
  })

  test('an order of nobody can still be returned and completed', async () => {
    const caller = customer()
    const orderId = await orderOf(caller, 'delivered')
    await service.deliver('erasePerson', [wish(caller.sub)])
    const asked = await service.request('requestReturn', {
      caller: staff(),
      params: { orderId },
      headers: { 'idempotency-key': 'back' },
      body: { lines: [{ sku: 'A', quantity: 1 }] },
    })
    assert.equal(asked.status, 201)
    const event = (await service.outbox()).find(({ aggregateId }) => aggregateId === orderId)
    assert.equal(event?.data.customerId, erasedUserId)
  })
})

describe('at rest', () => {
  const now = Date.parse('2026-11-21T12:00:00.000Z')
  const order = (status: Status, daysAgo: number): Pick<Order, 'status' | 'timeline'> => ({
    status,
    timeline: [{ at: new Date(now - daysAgo * 86_400_000).toISOString(), status }],
  })
  test('is what needs the person no longer', () => {
    for (const status of ['placed', 'awaiting-payment', 'confirmed'] as const)
      assert.equal(isAtRest(order(status, 300), now), false, status)
    for (const status of ['delivered', 'completed', 'cancelled', 'returned'] as const)
      assert.equal(isAtRest(order(status, 0), now), true, status)
    assert.deepEqual(
      [29, 31].map((days) => isAtRest(order('shipped', days), now)),
      [false, true],
    )
  })
})

describe('export-person', () => {
  test('gives every order with what is noted on it, page by page, to nobody else', async () => {
    const caller = customer()
    const made = [await orderOf(caller, 'completed'), await orderOf(caller, 'placed')]
    const page = await service.call('exportPerson', { userId: caller.sub })
    assert.deepEqual(
      page.records.map(({ kind, data }: Json) => [kind, data.id]),
      made.map((id) => ['order', id]),
    )
    const text = JSON.stringify(page.records[0])
    for (const mark of marks) assert.ok(text.includes(JSON.stringify(mark).slice(1, -1)), mark)
    const [note] = Object(page.records[0]?.data).notes
    assert.equal(note.text, 'Marked called about the kettle')
    assert.equal(note.authorId, undefined)
    const [first] = page.records
    const rest = await service.call('exportPerson', {
      userId: caller.sub,
      after: `order#${first?.data.placedAt}#${first?.data.id}`,
    })
    assert.deepEqual(
      rest.records.map(({ data }: Json) => data.id),
      made.slice(1),
    )
    assert.deepEqual(await service.call('exportPerson', { userId: customer().sub, after: 'order#~' }), { records: [] })
    assert.equal((await service.call('exportPerson', { userId: caller.sub, after: 'nonsense' })).records.length, 2)
  })
})
