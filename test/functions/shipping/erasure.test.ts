import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { orderCancelled, orderConfirmed } from '../../../functions/published/orders.ts'
import { shipping } from '../../../functions/shipping/contract.ts'
import { erasedUserId } from '../../../shared/domain/erased-user.ts'
import { deliverWish, itemsAbout, saidOf, wishOf } from '../../support/erasure.ts'
import { customer, type Json, someEvent, someId, staff, startService } from '../../support/service.ts'

const service = await startService(
  shipping,
  {},
  { CARRIER_SECRET_ARN: 'arn:aws:secretsmanager:eu-central-1:000000000000:secret:carrier' },
)
after(() => service.stop())

const eur = (amount: number) => ({ amount, currency: 'EUR' })
const address = { name: 'Marked Lovelace', line1: '12 Marked Road', city: 'B', postalCode: '1', country: 'DE' }
const order = {
  number: '1',
  email: 'marked@example.com',
  lines: [{ sku: 'A', title: 'A', quantity: 3, unitPrice: eur(1), total: eur(3), weightGrams: 2_500 }],
  subtotal: eur(3),
  discount: eur(0),
  shipping: eur(0),
  tax: eur(0),
  total: eur(3),
  pricesIncludeTax: false,
  shippingMethod: { id: 'standard', title: 'Standard' },
  shippingAddress: address,
}
const confirmed = (orderId: string, customerId: string) =>
  someEvent(orderConfirmed, orderId, { orderId, customerId, cartId: someId('crt'), cartVersion: 1, order })
const shipped = async (customerId: string): Promise<string> => {
  const orderId = someId('ord')
  await service.deliver('createShipment', [confirmed(orderId, customerId)])
  const body = { carrier: 'Post', trackingNumber: 'MARKED-1' }
  await service.request('dispatchShipment', { caller: staff(), params: { orderId }, body })
  return orderId
}
const read = async (orderId: string): Promise<Json> =>
  (await service.request('readShipment', { caller: staff(), params: { orderId } })).body

describe('erase-person', () => {
  test('waits for the orders, then leaves what was sent and when, and nothing of where to', async () => {
    const caller = customer()
    const orderId = await shipped(caller.sub)
    const before = await read(orderId)
    const wish = wishOf(caller.sub, false)
    assert.deepEqual(await deliverWish(service, wish), [])
    assert.deepEqual({ read: await read(orderId), said: await saidOf(service, wish) }, { read: before, said: [] })

    const settled = { ...wish, data: { ...wish.data, ordersSettled: true } }
    assert.deepEqual(await deliverWish(service, settled), [])
    assert.deepEqual(await itemsAbout(service, caller.sub, 'arked', 'MARKED'), [])
    assert.equal((await saidOf(service, wish)).length, 1)
    const { carrier: _, trackingNumber: _number, version, ...kept } = before
    assert.deepEqual(await read(orderId), { ...kept, version: version + 1 })
    const delivered = await service.request('deliverShipment', { caller: staff(), params: { orderId } })
    assert.equal(delivered.body.status, 'delivered')
  })

  test('news of orders that come later bring nobody back', async () => {
    const caller = customer()
    await deliverWish(service, wishOf(caller.sub))
    const [late, cancelled] = [someId('ord'), someId('ord')]
    await service.deliver('createShipment', [confirmed(late, caller.sub)])
    await service.deliver('stopShipment', [
      someEvent(orderCancelled, cancelled, { orderId: cancelled, customerId: caller.sub, reason: 'expired', order }),
    ])
    assert.deepEqual(
      { lateReadStatus: (await read(late)).status, cancelledReadStatus: (await read(cancelled)).status },
      { lateReadStatus: 'pending', cancelledReadStatus: 'stopped' },
    )
    assert.deepEqual(await itemsAbout(service, caller.sub, 'arked'), [])
    assert.equal((await itemsAbout(service, erasedUserId)).length >= 2, true)
  })
})

describe('export-person', () => {
  test('gives shipments with their address', async () => {
    const caller = customer()
    const orderId = await shipped(caller.sub)
    const { records } = await service.call('exportPerson', { userId: caller.sub })
    assert.deepEqual(
      records.map(({ kind, data }: Json) => [kind, data.orderId, data.address, data.trackingNumber]),
      [['shipment', orderId, address, 'MARKED-1']],
    )
    assert.deepEqual(await service.call('exportPerson', { userId: customer().sub }), { records: [] })
  })
})
