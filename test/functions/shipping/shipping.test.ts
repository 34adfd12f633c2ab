import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { orderCancelled, orderConfirmed } from '../../../functions/published/orders.ts'
import { shipping } from '../../../functions/shipping/contract.ts'
import { offersFor, zoneOf } from '../../../functions/shipping/domain.ts'
import { signWebhook } from '../../../shared/runtime/webhook-signature.ts'
import { itemBytes } from '../../support/item-size.ts'
import { fc } from '../../support/property.ts'
import { spent } from '../../support/round-trips.ts'
import { guest, type Json, someEvent, someId, staff, startService, type TestCaller } from '../../support/service.ts'
import { budgets } from './budgets.ts'

const eur = (amount: number) => ({ amount, currency: 'EUR' })
const cartId = someId('crt')
const owner = guest()
const productId = someId('prd')
const email = 'ada@example.com'
let lines = [{ sku: 'A', quantity: 3 }]

const secret = 'whsec_c2VjcmV0IG9mIHRoZSBjYXJyaWVyIHNl'

/** How the orders say that theirs stand. */
const statuses = new Map<string, string>()

const service = await startService(
  shipping,
  {
    operations: { GetSecretValue: () => ({ SecretString: secret }) },
    procedures: {
      'orders-order-status': (input) => {
        const { orderId } = input as { orderId: string }
        const status = statuses.get(orderId)
        return status === undefined ? {} : { order: { status, customerId: owner.sub } }
      },
      'carts-checkout-snapshot': (input) =>
        (input as { ownerId: string }).ownerId === owner.sub ? { cart: { id: cartId, version: 1, lines } } : {},
      'catalog-quote': () => ({
        variants: [{ sku: 'A', productId, title: 'A', options: {}, unitPrice: eur(1), weightGrams: 2_500 }],
      }),
    },
  },
  { CARRIER_SECRET_ARN: 'arn:aws:secretsmanager:eu-central-1:000000000000:secret:carrier' },
)
after(() => service.stop())

const operations = (response: { database: { operation: string }[] }) =>
  response.database.map(({ operation }) => operation)
const order = {
  number: '1',
  email,
  lines: [{ sku: 'A', productId, title: 'A', quantity: 3, unitPrice: eur(1), total: eur(3), weightGrams: 2_500 }],
  subtotal: eur(3),
  discount: eur(0),
  shipping: eur(0),
  tax: eur(0),
  total: eur(3),
  pricesIncludeTax: false,
  shippingMethod: { id: 'standard', title: 'Standard' },
  shippingAddress: { name: 'A', line1: 'B', city: 'C', postalCode: '1', country: 'DE' },
}
const confirmed = (orderId: string, customerId: string) =>
  someEvent(orderConfirmed, orderId, { orderId, customerId, cartId, cartVersion: 1, order })
const cancelled = (orderId: string) =>
  someEvent(orderCancelled, orderId, { orderId, customerId: someId('gst'), reason: 'by-staff', order })
const create = (orderId: string, caller: TestCaller = owner) =>
  service.deliver('createShipment', [confirmed(orderId, caller.sub)])
const stop = (orderId: string) => service.deliver('stopShipment', [cancelled(orderId)])
const read = (orderId: string, caller: TestCaller = staff()) =>
  service.request('readShipment', { caller, params: { orderId } })
const dispatch = (orderId: string, body: object = { carrier: 'P', trackingNumber: '1' }, headers = {}) =>
  service.request('dispatchShipment', { caller: staff(), params: { orderId }, body, headers })
const deliver = (orderId: string) => service.request('deliverShipment', { caller: staff(), params: { orderId } })
/** What a delivery did at the table. */
const during = async (act: () => Promise<unknown>): Promise<string[]> => {
  const before = service.database.length
  await act()
  return service.database.slice(before).map(({ operation }) => operation)
}
const told = async (shipmentId: string) =>
  (await service.outbox()).filter(({ aggregateId }) => aggregateId === shipmentId)
const published = async (shipmentId: string) => (await told(shipmentId)).map(({ type, sequence }) => [type, sequence])
const pending = async (): Promise<Json> => {
  const orderId = someId('ord')
  await create(orderId)
  return (await read(orderId)).body
}

describe('list-shipping-methods', () => {
  const list = (country: string, caller = owner) =>
    service.request('listShippingMethods', { caller, params: { cartId }, query: { country } })

  test('prices by weight and country, without a database', async () => {
    lines = [{ sku: 'A', quantity: 3 }]
    const response = await list('DE')
    assert.deepEqual(
      response.body.data.map(({ id, price }: Json) => [id, price.amount]),
      [
        ['standard', 490 + 3 * 40],
        ['express', 990 + 3 * 90],
      ],
    )
    assert.deepEqual(response.database, [])
    assert.deepEqual(
      (await list('NZ')).body.data.map(({ id }: Json) => id),
      ['standard'],
    )
  })

  test('says so where nothing is sent', async () => {
    for (const country of ['AQ', 'KP']) {
      const { status, problem } = await list(country)
      assert.deepEqual({ status, code: problem.code }, { status: 409, code: 'SHIPPING_UNAVAILABLE' })
    }
  })

  test("knows no other's cart, no empty one, no country that is none", async () => {
    assert.equal((await list('DE', guest())).status, 404)
    assert.equal((await list('Germany')).status, 400)
    const { status, problem } = await list('UK')
    const [error] = problem.errors ?? []
    assert.deepEqual(
      { status, code: problem.code, pointer: error?.pointer, errorCode: error?.code },
      { status: 400, code: 'INVALID_INPUT', pointer: '?country', errorCode: 'unknown_country' },
    )
    assert.equal(error?.detail, 'UK is no country code of ISO 3166-1: write GB for the United Kingdom.')
    lines = []
    assert.equal((await list('DE')).problem.code, 'CART_EMPTY')
  })
})

describe('quote', () => {
  test('asks no database, and refuses a weight or a country that is none', async () => {
    const quote = (more: object) =>
      service.call('quote', { methodId: 'standard', country: 'DE', weightGrams: 1, ...more })
    assert.deepEqual(spent(await during(() => quote({}))), budgets.quote)
    for (const nonsense of [{ weightGrams: -1 }, { weightGrams: 0.5 }, { country: 'Germany' }, { price: 1 }])
      await assert.rejects(quote(nonsense))
  })

  test('prices one method, or none', async () => {
    const quote = (methodId: string, country: string) =>
      service.call('quote', { methodId, country, weightGrams: 5_001 })
    assert.deepEqual(await quote('standard', 'FR'), {
      method: { id: 'standard', title: 'Standard', price: eur(990 + 80) },
    })
    assert.deepEqual(await quote('express', 'NZ'), {})
    assert.deepEqual(await quote('owl', 'DE'), {})
    assert.deepEqual(await quote('standard', 'KP'), {})
  })

  test('grows with the weight, never falls, and goes everywhere', () => {
    const countries = fc.constantFrom('DE', 'FR', 'GB', 'US', 'ZA', 'JE', 'SG')
    fc.assert(
      fc.property(countries, fc.nat(50_000_000), fc.nat(1_000_000), (country, grams, more) => {
        const [lighter, heavier] = [offersFor(country, grams, 'EUR'), offersFor(country, grams + more, 'EUR')]
        return (
          lighter.length > 0 &&
          lighter.every(
            ({ price }, index) =>
              price.amount <= (heavier[index]?.price.amount ?? 0) && Number.isSafeInteger(price.amount),
          )
        )
      }),
    )
    assert.equal(zoneOf('DE'), 'domestic')
    assert.deepEqual(
      offersFor('DE', 0, 'JPY').map(({ price }) => price.amount),
      [5, 10],
    )
  })
})

describe('create-shipment', () => {
  test('prepares one, however often it is told', async () => {
    const orderId = someId('ord')
    for (const _ of [1, 2]) assert.deepEqual(spent(await during(() => create(orderId))), budgets['create-shipment'])
    assert.deepEqual(await create(orderId), [])
    const { body } = await read(orderId)
    assert.deepEqual({ status: body.status, version: body.version }, { status: 'pending', version: 1 })
    assert.deepEqual(await published(body.id), [], 'nobody waits to hear of it')
  })
})

describe('what is in a shipment', () => {
  test('is shown with size and colour, so that the right one is packed', async () => {
    const orderId = someId('ord')
    const event = confirmed(orderId, owner.sub)
    const chosen = [
      { ...order.lines[0], sku: 'SHIRT-M', quantity: 2, options: { Size: 'M', Colour: 'Red' } },
      { ...order.lines[0], sku: 'MUG', quantity: 1 },
    ]
    const withOptions = { ...order, lines: chosen }
    await service.deliver('createShipment', [{ ...event, data: { ...event.data, order: withOptions } }])
    assert.deepEqual((await read(orderId)).body.lines, [
      { sku: 'SHIRT-M', productId, options: { Size: 'M', Colour: 'Red' }, quantity: 2 },
      { sku: 'MUG', productId, quantity: 1 },
    ])
  })
})

describe('the item of a shipment', () => {
  test('is a write unit until it is sent, and two with who of the staff sent and delivered it, where the order has one line', async () => {
    const { sku, title, address } = {
      sku: 'KETTLE-BLACK-17',
      title: 'Kettle, black, 1.7 l',
      address: { name: 'Ada Lovelace', line1: '12 Dock Road', city: 'Berlin', postalCode: '10115', country: 'DE' },
    }
    const orderId = someId('ord')
    const event = confirmed(orderId, owner.sub)
    const long = [{ ...order.lines[0], sku, title }]
    const longest = { ...order, number: '261121-7KQ2-M8XD', lines: long, shippingAddress: address }
    const bytes = async () => itemBytes((await service.items()).find(({ pk }) => pk === `shipment#${orderId}`))
    const sizes: number[] = []
    await service.deliver('createShipment', [{ ...event, data: { ...event.data, order: longest } }])
    sizes.push(await bytes())
    await dispatch(orderId, { carrier: 'Parcels', trackingNumber: '00340434161094000000' })
    sizes.push(await bytes())
    await deliver(orderId)
    sizes.push(await bytes())
    const [packed = 0, sent = 0, arrived = 0] = sizes
    assert.ok(packed > 500 && packed <= 1024 && sent <= 2048 && arrived <= 2048, sizes.join(', '))
  })
})

describe('stop-shipment', () => {
  test('stops what has not left, once', async () => {
    const { orderId } = await pending()
    assert.deepEqual(spent(await during(() => stop(orderId))), budgets['stop-shipment'])
    assert.deepEqual(spent(await during(() => stop(orderId))), budgets['stop-shipment: unchanged'])
    assert.deepEqual(await stop(orderId), [])
    assert.deepEqual(
      { status: (await read(orderId)).body.status, code: (await dispatch(orderId)).problem.code },
      { status: 'stopped', code: 'NOT_DISPATCHABLE' },
    )
  })

  test('a cancellation that comes first: nothing is prepared later', async () => {
    const orderId = someId('ord')
    await stop(orderId)
    await create(orderId)
    assert.equal((await read(orderId)).body.status, 'stopped')
  })

  test('mistake 10: at once with a dispatch: it leaves or it stays, not both', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { orderId } = await pending()
      const [answer, failed] = await Promise.all([dispatch(orderId), stop(orderId)])
      const { body } = await read(orderId)
      assert.deepEqual(
        { failed, version: body.version, events: body.events.length },
        { failed: [], version: 2, events: 2 },
      )
      assert.equal(body.status, answer.status === 200 ? 'dispatched' : 'stopped')
    }
  })

  test('what has left goes on', async () => {
    const { orderId } = await pending()
    await dispatch(orderId)
    assert.deepEqual(await stop(orderId), [])
    assert.equal((await read(orderId)).body.status, 'dispatched')
  })
})

describe('read-shipment', () => {
  test('is for its owner and staff, in one read', async () => {
    const { orderId } = await pending()
    const mine = await read(orderId, owner)
    assert.deepEqual(
      { status: mine.status, trips: spent(mine.database) },
      { status: 200, trips: budgets['read-shipment'] },
    )
    assert.ok(!('address' in mine.body))
    assert.equal((await read(orderId, guest())).status, 404)
  })
})

describe('where an order has no shipment', () => {
  const ask = {
    dispatch: (orderId: string) => dispatch(orderId),
    deliver: (orderId: string) => deliver(orderId),
    read: (orderId: string) => read(orderId),
    'read by its owner': (orderId: string) => read(orderId, owner),
  }

  for (const [what, act] of Object.entries(ask))
    test(`in the moment of its confirmation, to ${what} is answered with when to try again`, async () => {
      const orderId = someId('ord')
      statuses.set(orderId, 'confirmed')
      const early = await act(orderId)
      assert.deepEqual(
        { status: early.status, code: early.problem.code, retryAfter: early.headers['retry-after'] },
        { status: 409, code: 'IN_FLIGHT', retryAfter: '1' },
      )
      await create(orderId)
      const later = await act(orderId)
      assert.ok(later.ok || later.problem.code !== 'IN_FLIGHT')
    })

  test('because it is not confirmed, staff are told so; others are told of no such thing', async () => {
    const orderId = someId('ord')
    for (const status of ['placed', 'awaiting-payment', 'cancelled']) {
      statuses.set(orderId, status)
      assert.deepEqual(
        {
          dispatchCode: (await dispatch(orderId)).problem.code,
          deliverCode: (await deliver(orderId)).problem.code,
          status: (await read(orderId)).status,
        },
        { dispatchCode: 'NOT_DISPATCHABLE', deliverCode: 'NOT_DELIVERABLE', status: 404 },
      )
    }
    statuses.set(orderId, 'confirmed')
    assert.equal((await read(orderId, guest())).status, 404)
  })
})

describe('dispatch-shipment', () => {
  test('keeps who of the staff sent and delivered it: staff see it, its owner does not', async () => {
    const { orderId } = await pending()
    const [packer, driver] = [staff(), staff()]
    const body = { carrier: 'P', trackingNumber: '1' }
    await service.request('dispatchShipment', { caller: packer, params: { orderId }, body })
    await service.request('deliverShipment', { caller: driver, params: { orderId } })
    const by = (shipment: Json) => shipment.events.map((event: Json) => event.by)
    assert.deepEqual(by((await read(orderId)).body), [undefined, packer.sub, driver.sub])
    assert.deepEqual(by((await read(orderId, owner)).body), [undefined, undefined, undefined])
  })

  test('sends once; the same again answers the same, another number is refused', async () => {
    const { orderId, id } = await pending()
    const first = await dispatch(orderId)
    assert.deepEqual(
      { firstStatus: first.status, firstBodyStatus: first.body.status, trips: spent(first.database) },
      { firstStatus: 200, firstBodyStatus: 'dispatched', trips: budgets['dispatch-shipment'] },
    )
    const again = await dispatch(orderId)
    assert.deepEqual(
      { status: again.status, version: again.body.version, trips: spent(again.database) },
      { status: 200, version: 2, trips: budgets['dispatch-shipment: unchanged'] },
    )
    assert.equal((await dispatch(orderId, { carrier: 'P', trackingNumber: '2' })).status, 409)
    assert.deepEqual(await published(id), [['shipment.dispatched', 1]])
    assert.deepEqual((await told(id))[0]?.data, {
      ...{ orderId, shipmentId: id, carrier: 'P', trackingNumber: '1' },
      ...{ customerId: owner.sub, number: '1', email },
    })
  })

  test('at once: one parcel', async () => {
    const { orderId } = await pending()
    const answers = await Promise.all(
      ['1', '2', '3'].map((trackingNumber) => dispatch(orderId, { carrier: 'P', trackingNumber })),
    )
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 409, 409])
  })

  test('honours If-Match, refuses nonsense, and is for staff', async () => {
    const { orderId } = await pending()
    assert.equal((await dispatch(orderId, undefined, { 'if-match': '"9"' })).status, 412)
    assert.equal((await dispatch(orderId, { carrier: '', trackingNumber: '1' })).status, 400)
    assert.equal((await dispatch(someId('ord'))).status, 404)
    const shopper = await service.request('dispatchShipment', {
      caller: owner,
      params: { orderId },
      body: { carrier: 'P', trackingNumber: '1' },
    })
    assert.equal(shopper.status, 403)
  })
})

describe('deliver-shipment', () => {
  test('notes the arrival of what was sent, once', async () => {
    const { orderId, id } = await pending()
    assert.equal((await deliver(orderId)).problem.code, 'NOT_DELIVERABLE')
    await dispatch(orderId)
    const as = (caller: TestCaller, headers = {}) =>
      service.request('deliverShipment', { caller, params: { orderId }, headers })
    assert.deepEqual(
      { ownerAsStatus: (await as(owner)).status, staffAsStatus: (await as(staff(), { 'if-match': '"1"' })).status },
      { ownerAsStatus: 403, staffAsStatus: 412 },
    )
    for (const trips of [['GetItem', 'PutItem'], ['GetItem']]) {
      const answer = await deliver(orderId)
      assert.deepEqual(
        { status: answer.status, version: answer.body.version, operations: operations(answer) },
        { status: 200, version: 3, operations: trips },
      )
    }
    assert.deepEqual(await published(id), [['shipment.delivered', 2]])
    assert.deepEqual((await told(id))[0]?.data, {
      orderId,
      shipmentId: id,
      customerId: owner.sub,
      lines: [{ sku: 'A', productId, quantity: 3 }],
    })
    const stays = JSON.stringify((await service.items()).filter(({ pk }) => pk === `shipment#${orderId}`))
    assert.ok(!stays.includes(email), 'no mail goes any more')
    assert.equal((await deliver(someId('ord'))).status, 404)
  })
})

describe('stop', () => {
  const stopFor = (orderId: string, reason = 'by-customer') =>
    service.call('stop', { orderId, customerId: owner.sub, reason })

  test('stops what has not left, once, and tells why', async () => {
    const orderId = someId('ord')
    await create(orderId)
    assert.deepEqual(spent(await during(() => stopFor(orderId))), budgets.stop)
    assert.deepEqual(spent(await during(() => stopFor(orderId, 'by-staff'))), budgets['stop: unchanged'])
    assert.deepEqual(await stopFor(orderId), { stopped: true })
    const { id, status } = (await read(orderId)).body
    assert.equal(status, 'stopped')
    const [event] = (await service.outbox()).filter(({ aggregateId }) => aggregateId === id)
    assert.deepEqual(
      { type: event?.type, data: event?.data },
      { type: 'shipment.stopped', data: { orderId, shipmentId: id, reason: 'by-customer' } },
    )
    assert.equal((await dispatch(orderId)).problem.code, 'NOT_DISPATCHABLE')
  })

  test('leaves a stopped one behind where there is none, so that a late confirmation prepares nothing', async () => {
    const orderId = someId('ord')
    assert.deepEqual(await stopFor(orderId), { stopped: true })
    await create(orderId)
    assert.equal((await read(orderId)).body.status, 'stopped')
  })

  test('says when it is too late; dispatched and stopped at once, it is one of both', async () => {
    const sent = someId('ord')
    await create(sent)
    await dispatch(sent)
    assert.deepEqual(await stopFor(sent), { stopped: false })
    for (let round = 0; round < 10; round += 1) {
      const orderId = someId('ord')
      await create(orderId)
      const [dispatchAnswer, { stopped }] = await Promise.all([dispatch(orderId), stopFor(orderId)])
      assert.equal(dispatchAnswer.status === 200, !stopped)
      assert.equal((await read(orderId)).body.status, stopped ? 'stopped' : 'dispatched')
    }
  })
})

describe('receive-carrier-event', () => {
  type Told = { id?: string; type?: string; carrier?: string; trackingNumber?: string; note?: string }
  const report = (event: Told | string, { signedBy = secret, atMs = Date.now() } = {}) => {
    const body = typeof event === 'string' ? event : JSON.stringify(event)
    return service.request('receiveCarrierEvent', { body, headers: signWebhook(signedBy, 'evt', body, atMs) })
  }
  const arrived = (trackingNumber: string, id = `arrived-${trackingNumber}`): Told => ({
    id,
    type: 'parcel.delivered',
    carrier: 'P',
    trackingNumber,
  })
  const sent = async (trackingNumber: string): Promise<string> => {
    const orderId = someId('ord')
    await create(orderId)
    await dispatch(orderId, { carrier: 'P', trackingNumber })
    return orderId
  }
  const eventsOf = async (orderId: string) => {
    const { id } = (await read(orderId)).body
    return (await service.outbox())
      .filter(({ aggregateId }) => aggregateId === id)
      .map(({ type, sequence }) => [type, sequence])
  }

  test('delivers every order in the parcel, once, and remembers the event for 30 days', async () => {
    const orders = [await sent('T-1'), await sent('T-1')]
    const first = await report(arrived('T-1'))
    assert.equal(first.status, 204)
    const trip = ['GetItem', 'TransactWriteItems']
    assert.deepEqual(operations(first), ['Query', ...trip, ...trip])
    for (const answer of [await report(arrived('T-1')), await report(arrived('T-1', 'another'))]) {
      assert.equal(answer.status, 204)
      assert.deepEqual(spent(answer.database), budgets['receive-carrier-event: repeated'])
    }
    for (const orderId of orders) {
      assert.deepEqual(
        { status: (await read(orderId)).body.status, events: await eventsOf(orderId) },
        { status: 'delivered', events: [['shipment.delivered', 2]] },
      )
      const mark = (await service.items()).find(
        ({ pk, sk }) => pk === `shipment#${orderId}` && sk.startsWith('carrier-event#'),
      )
      assert.equal(mark.sk, 'carrier-event#P#arrived-T-1')
      assert.ok(Math.abs(mark.expiresAt - Date.now() / 1000 - 30 * 24 * 60 * 60) < 60)
    }
  })

  test('at once with itself and with staff, it is one delivery', async () => {
    const orderId = await sent('T-2')
    const answers = await Promise.all([report(arrived('T-2')), report(arrived('T-2')), deliver(orderId)])
    assert.deepEqual(
      answers.map(({ status }) => status),
      [204, 204, 200],
    )
    assert.deepEqual(await eventsOf(orderId), [['shipment.delivered', 2]])
  })

  test('ended half-way in a parcel of two, it is finished when it comes again', async () => {
    const orders = [await sent('T-3'), await sent('T-3')]
    let writes = 0
    service.fakes.fails = ({ operation }) => operation === 'TransactWriteItems' && ++writes > 1
    assert.equal((await report(arrived('T-3'))).status, 500)
    service.fakes.fails = undefined
    assert.equal((await report(arrived('T-3'))).status, 204)
    for (const orderId of orders) assert.equal((await read(orderId)).body.status, 'delivered')
  })

  test('one of a parcel that is not known yet is to be told again', async () => {
    assert.equal((await report(arrived('T-4'))).status, 404)
    const orderId = await sent('T-4')
    assert.equal((await report(arrived('T-4'))).status, 204)
    assert.equal((await read(orderId)).body.status, 'delivered')
    assert.equal((await report({ ...arrived('T-4'), carrier: 'Q' })).status, 404)
  })

  test('takes nothing unsigned, old, or of another form', async () => {
    const orderId = await sent('T-5')
    for (const wrong of [{ signedBy: 'whsec_YW5vdGhlciBzZWNyZXQgYW5vdGhlciBz' }, { atMs: Date.now() - 6 * 60_000 }])
      assert.equal((await report(arrived('T-5'), wrong)).problem.code, 'BAD_SIGNATURE')
    for (const nonsense of [
      '',
      'not JSON',
      '[]',
      { ...arrived('T-5'), type: 'parcel.lost' },
      { ...arrived('T-5'), note: 'x' },
    ])
      assert.equal((await report(nonsense)).problem.code, 'INVALID_INPUT')
    assert.equal((await read(orderId)).body.status, 'dispatched')
  })
})
