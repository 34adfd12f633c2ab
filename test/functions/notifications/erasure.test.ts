import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { notifications } from '../../../functions/notifications/contract.ts'
import { orderConfirmed, returnReceived } from '../../../functions/published/orders.ts'
import { userFollowed } from '../../../functions/published/relations.ts'
import { shipmentDispatched } from '../../../functions/published/shipping.ts'
import { erasedUserId } from '../../../shared/domain/erased-user.ts'
import { deliverWish, itemsAbout, saidOf, wishOf } from '../../support/erasure.ts'
import { customer, type Json, someEvent, someId, startService } from '../../support/service.ts'

let sent = 0
const service = await startService(
  notifications,
  {
    operations: {
      SendRawEmail: () => {
        sent += 1
        return '<SendRawEmailResponse><SendRawEmailResult><MessageId>m-1</MessageId></SendRawEmailResult></SendRawEmailResponse>'
      },
    },
  },
  { MAIL_FROM: 'shop@example.com' },
)
after(() => service.stop())

const eur = (amount: number) => ({ amount, currency: 'EUR' })
const order = {
  number: '261121-AAAA-BBBB',
  email: 'marked@example.com',
  lines: [],
  subtotal: eur(0),
  discount: eur(0),
  shipping: eur(0),
  tax: eur(0),
  total: eur(0),
  pricesIncludeTax: false,
  shippingMethod: { id: 'standard', title: 'Standard' },
  shippingAddress: { name: 'Marked', line1: 'B', city: 'C', postalCode: '1', country: 'DE' },
}
const confirmed = (orderId: string, customerId: string) =>
  someEvent(orderConfirmed, orderId, { orderId, customerId, cartId: someId('crt'), cartVersion: 1, order })
const { number, email } = order
const dispatched = (orderId: string, customerId: string) =>
  someEvent(shipmentDispatched, orderId, {
    ...{ orderId, shipmentId: someId('shp'), carrier: 'P', trackingNumber: '1' },
    ...{ customerId, number, email },
  })
const returned = (orderId: string, customerId: string) =>
  someEvent(returnReceived, orderId, {
    orderId,
    customerId,
    returnId: someId('ret'),
    lines: [{ sku: 'A', quantity: 1 }],
    refund: eur(1),
    ...(customerId === erasedUserId ? { number } : { number, email }),
  })
const followed = (followerId: string, followedId: string) =>
  someEvent(userFollowed, `${followerId}-${followedId}`, { followerId, followedId })

describe('erase-person', () => {
  test('tells of orders to their end, then forgets what was told', async () => {
    const [caller, friend] = [customer(), customer()]
    const orderId = someId('ord')
    await service.deliver('notifyOfOrder', [confirmed(orderId, caller.sub)])
    await service.deliver('notifyOfFollow', [followed(caller.sub, friend.sub), followed(friend.sub, caller.sub)])
    const wish = wishOf(caller.sub, false)
    assert.deepEqual(await deliverWish(service, wish), [])
    const told = await service.request('listNotifications', { caller: friend })
    assert.deepEqual(told.body.data, [], 'what others were told of them goes at once')
    sent = 0
    assert.deepEqual(await service.deliver('notifyOfDispatch', [dispatched(orderId, caller.sub)]), [])
    assert.equal(sent, 1, 'an order under way is told of')

    const settled = { ...wish, data: { ...wish.data, ordersSettled: true } }
    assert.deepEqual(await deliverWish(service, settled), [])
    assert.deepEqual(await itemsAbout(service, caller.sub, 'marked@'), [])
    assert.equal((await saidOf(service, wish)).length, 1)

    sent = 0
    const late = [
      ...(await service.deliver('notifyOfOrder', [
        confirmed(orderId, caller.sub),
        confirmed(someId('ord'), caller.sub),
      ])),
      ...(await service.deliver('notifyOfDispatch', [dispatched(orderId, caller.sub)])),
      ...(await service.deliver('notifyOfReturn', [
        returned(orderId, caller.sub),
        returned(someId('ord'), erasedUserId),
      ])),
      ...(await service.deliver('notifyOfFollow', [
        followed(caller.sub, friend.sub),
        followed(friend.sub, caller.sub),
      ])),
    ]
    assert.deepEqual({ late, sent }, { late: [], sent: 0 }, 'what comes late is told to nobody, and is no fault')
    assert.deepEqual(await itemsAbout(service, caller.sub, 'marked@'), [])
  })
})

describe('export-person', () => {
  test('gives what was told', async () => {
    const [caller, orderId] = [customer(), someId('ord')]
    await service.deliver('notifyOfOrder', [confirmed(orderId, caller.sub)])
    await service.deliver('notifyOfFollow', [followed(someId('usr'), caller.sub)])
    const { records } = await service.call('exportPerson', { userId: caller.sub })
    assert.deepEqual(records.map(({ kind, data }: Json) => [kind, data.kind]).toSorted(), [
      ['message', 'new-follower'],
      ['message', 'order-confirmed'],
    ])
  })
})
