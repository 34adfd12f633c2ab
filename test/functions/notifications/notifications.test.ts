import assert from 'node:assert/strict'
import { after, beforeEach, describe, test } from 'node:test'
import { notifications } from '../../../functions/notifications/contract.ts'
import { quotedPrintable, rawMail } from '../../../functions/notifications/mail/mail.ts'
import { cancellation, confirmation, dispatch } from '../../../functions/notifications/mail/messages.ts'
import {
  type OrderSummary,
  orderCancelled,
  orderConfirmed,
  returnReceived,
} from '../../../functions/published/orders.ts'
import { paymentRefunded } from '../../../functions/published/payments.ts'
import { userFollowed } from '../../../functions/published/relations.ts'
import { shipmentDispatched } from '../../../functions/published/shipping.ts'
import { erasedUserId } from '../../../shared/domain/erased-user.ts'
import { spent } from '../../support/round-trips.ts'
import {
  customer,
  guest,
  type Json,
  someEvent,
  someId,
  startService,
  type TestCaller,
  type TestEvent,
} from '../../support/service.ts'
import { budgets } from './budgets.ts'

let sent: string[] = []
let failures = 0
const service = await startService(
  notifications,
  {
    operations: {
      SendRawEmail: (input) => {
        if (failures > 0) {
          failures -= 1
          throw new Error('the mail service is away')
        }
        sent.push(Buffer.from(String(input['RawMessage.Data']), 'base64').toString('utf8'))
        return '<SendRawEmailResponse><SendRawEmailResult><MessageId>m-1</MessageId></SendRawEmailResult></SendRawEmailResponse>'
      },
    },
    procedures: {
      'orders-find-recipient': (input) => {
        const { orderId } = input as { orderId: string }
        return recipients[orderId] === undefined ? {} : { recipient: recipients[orderId] }
      },
    },
  },
  { MAIL_FROM: 'shop@example.com' },
)
after(() => service.stop())
let tests = 0
beforeEach(() => {
  sent = []
  failures = 0
  tests += 1
  // An address gets a few mails an hour only.
  order.email = `ada-${tests}@example.com`
})

const recipients: Record<string, object> = {}
const eur = (amount: number) => ({ amount, currency: 'EUR' })
const order: OrderSummary = {
  number: '261121-AAAA-BBBB',
  email: 'ada@example.com',
  lines: [
    { sku: 'A', title: 'Kettle <script>', quantity: 2, unitPrice: eur(4900), total: eur(9800), weightGrams: 900 },
  ],
  subtotal: eur(9800),
  discount: eur(0),
  shipping: eur(490),
  tax: eur(1955),
  total: eur(12245),
  pricesIncludeTax: false,
  shippingMethod: { id: 'standard', title: 'Standard' },
  shippingAddress: { name: 'Ada Lovelace', line1: '12 Dock Road', city: 'Berlin', postalCode: '10115', country: 'DE' },
}

const confirmed = (orderId: string, caller: TestCaller, more: Partial<OrderSummary> = {}) =>
  someEvent(orderConfirmed, orderId, {
    orderId,
    customerId: caller.sub,
    cartId: someId('crt'),
    cartVersion: 1,
    order: { ...order, ...more },
  })
const cancelled = (orderId: string, caller: TestCaller, reason = 'declined', more: Partial<TestEvent> = {}) =>
  someEvent(orderCancelled, orderId, { orderId, customerId: caller.sub, reason, order }, more)
const { number } = order
const dispatched = (orderId: string, caller: TestCaller, more: object = { number, email: order.email }) =>
  someEvent(shipmentDispatched, someId('shp'), {
    orderId,
    shipmentId: someId('shp'),
    carrier: 'DHL',
    trackingNumber: 'X-1',
    customerId: caller.sub,
    ...more,
  })
const returned = (orderId: string, caller: TestCaller, amount = 4900) =>
  someEvent(returnReceived, orderId, {
    orderId,
    customerId: caller.sub,
    returnId: someId('ret'),
    lines: [{ sku: 'A', quantity: 1 }],
    refund: eur(amount),
    number,
    email: order.email,
  })
/** What a delivery did at the table. */
const during = async (work: () => Promise<unknown>): Promise<string[]> => {
  const before = service.database.length
  await work()
  return service.database.slice(before).map(({ operation }) => operation)
}
const list = async (caller: TestCaller) => (await service.request('listNotifications', { caller })).body.data

describe('notify-of-order', () => {
  test('mails a confirmation once, however often it is told', async () => {
    const [caller, orderId] = [guest(), someId('ord')]
    const event = confirmed(orderId, caller)
    const once = ['BatchGetItem', 'UpdateItem', 'UpdateItem', 'PutItem']
    assert.deepEqual(await during(() => service.deliver('notifyOfOrder', [event])), once)
    assert.deepEqual(
      spent(await during(() => service.deliver('notifyOfOrder', [event]))),
      budgets['notify-of-order: unchanged'],
    )
    assert.deepEqual(await service.deliver('notifyOfOrder', [event, event]), [])
    assert.equal(sent.length, 1)
    const mail = (sent[0] ?? '').replaceAll('=\r\n', '')
    assert.match(mail, /^To: ada-\d+@example\.com\r$/m)
    assert.match(mail, new RegExp(`^Message-ID: <${orderId}-order-confirmed@example\\.com>\\r$`, 'm'))
    assert.match(mail, /2 x Kettle <script>: =E2=82=AC98\.00/)
    assert.match(mail, /Total: =E2=82=AC122\.45/)
    assert.ok(!mail.includes('× Kettle <script>'))
    assert.match(mail, /Kettle &lt;script&gt;/)
    assert.deepEqual(
      (await list(caller)).map(({ kind }: { kind: string }) => kind),
      ['order-confirmed'],
    )
  })

  test('mails a cancellation with its reason', async () => {
    await service.deliver('notifyOfOrder', [cancelled(someId('ord'), guest())])
    assert.match(sent[0]?.replaceAll('=\r\n', '') ?? '', /because the payment was declined/)
  })

  test('of what is refused at once the answer tells, and the list: nobody is mailed', async () => {
    const placedAt = Date.parse('2026-11-21T10:00:00Z')
    const refused = (caller: TestCaller, reason: string, afterSeconds: number) => {
      const event = cancelled(someId('ord'), caller, reason, {
        time: new Date(placedAt + afterSeconds * 1000).toISOString(),
      })
      return { ...event, data: { ...event.data, placedAt: new Date(placedAt).toISOString() } }
    }
    for (const reason of ['declined', 'out-of-stock']) {
      const caller = guest()
      await service.deliver('notifyOfOrder', [refused(caller, reason, 59)])
      assert.deepEqual({ sent: sent.length, list: (await list(caller)).length }, { sent: 0, list: 1 }, reason)
      await service.deliver('notifyOfOrder', [refused(caller, reason, 61)])
      assert.equal(sent.length, 1, `${reason}, later`)
      sent = []
    }
    for (const reason of ['expired', 'by-customer', 'by-staff']) {
      await service.deliver('notifyOfOrder', [refused(guest(), reason, 5)])
      assert.equal(sent.length, 1, reason)
      sent = []
    }
  })

  test('an address gets ten mails an hour, whoever has them sent; the rest stands on the list, and is not mailed later', async () => {
    const email = 'victim@example.com'
    const caller = guest()
    const events = Array.from({ length: 9 }, () => confirmed(someId('ord'), guest(), { email }))
    await service.deliver('notifyOfOrder', events)
    const last = [1, 2, 3].map(() => confirmed(someId('ord'), caller, { email }))
    assert.deepEqual(await service.deliver('notifyOfOrder', last), [])
    assert.equal(sent.length, 10)
    assert.equal((await list(caller)).length, 3)
    assert.deepEqual(await service.deliver('notifyOfOrder', last), [])
    assert.equal(sent.length, 10)
    await service.deliver('notifyOfOrder', [confirmed(someId('ord'), caller, { email: 'other@example.com' })])
    assert.equal(sent.length, 11, 'another address has its own count')
    const counts = (await service.items()).filter(({ sk }) => sk === 'mails')
    assert.ok(counts.every(({ expiresAt }) => expiresAt - Date.now() / 1000 <= 2 * 60 * 60))
    assert.doesNotMatch(JSON.stringify(counts), /victim|example/)
  })

  test('the orders of one shopper bring about twenty mails an hour, to whomever', async () => {
    const caller = guest()
    const events = Array.from({ length: 22 }, (_, index) =>
      confirmed(someId('ord'), caller, { email: `stranger-${index}@example.com` }),
    )
    await service.deliver('notifyOfOrder', events)
    assert.equal(sent.length, 20)
  })

  test('an order without an address is on the list, and gives no mail', async () => {
    const caller = guest()
    const event = confirmed(someId('ord'), caller)
    const { email: _, ...silent } = event.data.order
    assert.deepEqual(await service.deliver('notifyOfOrder', [{ ...event, data: { ...event.data, order: silent } }]), [])
    assert.equal(sent.length, 0)
    assert.equal((await list(caller)).length, 1)
  })

  test('a mail that could not be sent stands on the list, and is sent when the message comes again', async () => {
    failures = 10
    const caller = guest()
    const event = confirmed(someId('ord'), caller)
    for (const _ of [1, 2]) assert.deepEqual(await service.deliver('notifyOfOrder', [event]), [event.id])
    const before = await list(caller)
    assert.deepEqual({ before: before.length, sent }, { before: 1, sent: [] })
    failures = 0
    assert.deepEqual(await service.deliver('notifyOfOrder', [event]), [])
    assert.equal(sent.length, 1)
    assert.deepEqual(await list(caller), before)
    assert.deepEqual(
      spent(await during(() => service.deliver('notifyOfOrder', [event]))),
      budgets['notify-of-order: unchanged'],
    )
  })

  test('ended after the mail and before the write, it is mailed again under the same id, and stands on the list once', async () => {
    const caller = guest()
    const event = confirmed(someId('ord'), caller)
    service.fakes.fails = ({ operation }) => operation === 'PutItem'
    try {
      assert.deepEqual(await service.deliver('notifyOfOrder', [event]), [event.id])
    } finally {
      service.fakes.fails = undefined
    }
    for (const _ of [1, 2]) assert.deepEqual(await service.deliver('notifyOfOrder', [event]), [])
    const ids = sent.map((mail) => /^Message-ID: (.*)\r$/m.exec(mail)?.[1])
    assert.deepEqual([ids.length, new Set(ids).size, (await list(caller)).length], [2, 1, 1])
  })
})

describe('notify-of-dispatch', () => {
  test('mails it once, by one read and one write, whether the confirmation was told or not', async () => {
    const [caller, orderId] = [guest(), someId('ord')]
    const event = dispatched(orderId, caller)
    assert.deepEqual(
      spent(await during(() => service.deliver('notifyOfDispatch', [event]))),
      budgets['notify-of-dispatch'],
    )
    await service.deliver('notifyOfOrder', [confirmed(orderId, caller)])
    assert.deepEqual(
      spent(await during(() => service.deliver('notifyOfDispatch', [event]))),
      budgets['notify-of-dispatch: unchanged'],
    )
    assert.equal(sent.length, 2)
    assert.match(sent[0] ?? '', /^To: ada-\d+@example\.com\r$/m)
    assert.match(sent[0] ?? '', /Your order 261121-AAAA-BBBB has left our house/)
    assert.match(sent[0] ?? '', /DHL brings it to you\. Its tracking number is X-1\./)
    assert.equal((await list(caller)).length, 2)
  })

  test('without an address it is on the list; of one that names nobody, nobody is told', async () => {
    const [caller, orderId] = [guest(), someId('ord')]
    const event = dispatched(orderId, caller, { number })
    assert.deepEqual(await service.deliver('notifyOfDispatch', [event]), [])
    assert.equal((await list(caller)).length, 1)
    const { customerId: _, ...older } = event.data
    const again = { ...event, data: older }
    assert.deepEqual(
      spent(await during(() => service.deliver('notifyOfDispatch', [again]))),
      budgets['notify-of-dispatch: to nobody'],
    )
    assert.deepEqual(sent, [])
  })
})

describe('notify-of-return', () => {
  test('mails each return of an order once, with what is given back', async () => {
    const [caller, orderId] = [guest(), someId('ord')]
    const [one, two] = [returned(orderId, caller), returned(orderId, caller, 0)]
    assert.deepEqual(spent(await during(() => service.deliver('notifyOfReturn', [one]))), budgets['notify-of-return'])
    for (const _ of [1, 2]) assert.deepEqual(await service.deliver('notifyOfReturn', [two, one]), [])
    assert.equal(sent.length, 2)
    const [first = '', second = ''] = sent.map((mail) => mail.replaceAll('=\r\n', ''))
    assert.match(first, /^To: ada-\d+@example\.com\r$/m)
    assert.match(first, new RegExp(`^Message-ID: <${one.data.returnId}-return-received@example\\.com>\\r$`, 'm'))
    assert.match(first, /What you sent back of your order 261121-AAAA-BBBB has arrived/)
    assert.match(first, /You get =E2=82=AC49\.00 back/)
    assert.doesNotMatch(second, /You get/)
    const told = (await list(caller)).filter(({ kind }) => kind === 'return-received')
    assert.deepEqual(
      told.map((message) => 'returnId' in message && message.returnId).toSorted(),
      [one.data.returnId, two.data.returnId].toSorted(),
    )
  })
})

describe('notify-of-refund', () => {
  const refunded = (orderId: string, more: object = {}) =>
    someEvent(paymentRefunded, orderId, {
      orderId,
      amount: eur(1250),
      reason: 'scratched; the customer is difficult',
      refundId: someId('rfd'),
      source: 'staff',
      ...more,
    })

  test('mails each refund by staff once, without what staff wrote of it', async () => {
    const [caller, orderId] = [customer(), someId('ord')]
    recipients[orderId] = { customerId: caller.sub, number, email: order.email }
    const [one, two] = [refunded(orderId), refunded(orderId, { amount: eur(300) })]
    assert.deepEqual(spent(await during(() => service.deliver('notifyOfRefund', [one]))), budgets['notify-of-refund'])
    for (const _ of [1, 2]) assert.deepEqual(await service.deliver('notifyOfRefund', [two, one]), [])
    assert.equal(sent.length, 2)
    const [first = '', second = ''] = sent.map((mail) => mail.replaceAll('=\r\n', ''))
    assert.match(first, /^To: ada-\d+@example\.com\r$/m)
    assert.match(first, /You get =E2=82=AC12\.50 back for your order 261121-AAAA-BBBB, the way you paid\./)
    assert.match(second, /=E2=82=AC3\.00/)
    assert.doesNotMatch(first, /difficult/)
    const told: Json[] = (await list(caller)).filter(({ kind }: Json) => kind === 'refunded')
    assert.deepEqual(told.map(({ refundId }) => refundId).toSorted(), [one.data.refundId, two.data.refundId].toSorted())
  })

  test('says nothing of what other mails tell of, of older refunds, and to nobody', async () => {
    const orderId = someId('ord')
    recipients[orderId] = { customerId: customer().sub, number, email: order.email }
    const silent = [
      refunded(orderId, { source: 'return' }),
      refunded(orderId, { source: 'cancellation' }),
      refunded(orderId, { source: undefined, refundId: undefined }),
      refunded(someId('ord')),
    ]
    assert.deepEqual(await service.deliver('notifyOfRefund', silent), [])
    recipients[orderId] = { customerId: erasedUserId, number }
    assert.deepEqual(await service.deliver('notifyOfRefund', [refunded(orderId)]), [])
    assert.deepEqual(sent, [])
  })
})

describe('notify-of-follow', () => {
  const followedBy = (followerId: string, followed: TestCaller, sequence = 1) => {
    const data = { followerId, followedId: followed.sub }
    return someEvent(userFollowed, `${followerId}-${followed.sub}`, data, { sequence })
  }

  test('tells of each follower once, however often the news comes and they come and go; without mail', async () => {
    const ada = customer()
    const [first, second] = [someId('usr'), someId('usr')]
    const news = [followedBy(first, ada, 3), followedBy(first, ada), followedBy(first, ada, 3), followedBy(second, ada)]
    assert.deepEqual(await service.deliver('notifyOfFollow', news), [])
    const before = service.database.length
    assert.deepEqual(await service.deliver('notifyOfFollow', [followedBy(first, ada)]), [])
    assert.deepEqual(spent(service.database.slice(before)), budgets['notify-of-follow'])
    const { body } = await service.request('listNotifications', { caller: ada })
    const told: Json[] = body.data
    assert.deepEqual(told.map(({ followerId }) => followerId).toSorted(), [first, second].toSorted())
    const [one] = told
    assert.deepEqual(Object.keys(one).toSorted(), ['at', 'followerId', 'id', 'kind', 'subject'])
    assert.deepEqual(
      { kind: one.kind, subject: one.subject, sent },
      { kind: 'new-follower', subject: 'You have a new follower', sent: [] },
    )
  })

  test('stands among the messages on orders', async () => {
    const ada = customer()
    await service.deliver('notifyOfOrder', [confirmed(someId('ord'), ada)])
    await service.deliver('notifyOfFollow', [followedBy(someId('usr'), ada)])
    const { body } = await service.request('listNotifications', { caller: ada })
    assert.deepEqual(body.data.map(({ kind }: Json) => kind).toSorted(), ['new-follower', 'order-confirmed'])
  })
})

describe('list-notifications', () => {
  test('shows mine only, newest first, page by page, in one read each', async () => {
    const caller = guest()
    for (const _ of [1, 2, 3]) await service.deliver('notifyOfOrder', [confirmed(someId('ord'), caller)])
    const first = await service.request('listNotifications', { caller, query: { limit: '2' } })
    assert.deepEqual(spent(first.database), budgets['list-notifications'])
    assert.equal(first.body.data.length, 2)
    const cursor = first.body.next_cursor
    const second = await service.request('listNotifications', { caller, query: { limit: '2', cursor } })
    assert.equal(second.body.data.length, 1)
    assert.equal(second.body.next_cursor, null)
    const foreign = await service.request('listNotifications', { caller: guest(), query: { cursor } })
    assert.deepEqual({ status: foreign.status, code: foreign.problem.code }, { status: 400, code: 'INVALID_CURSOR' })
    assert.deepEqual(await list(guest()), [])
  })
})

describe('the wire form of a mail', () => {
  const envelope = {
    from: { name: 'Häfen & Söhne', address: 'shop@example.com' },
    to: 'ada@example.com',
    id: 'm-1',
    dateMs: 0,
    traceId: '0af7651916cd43dd8448eb211c80319c',
  }

  test('no subject can add a header', () => {
    const raw = rawMail(envelope, { subject: 'Hello\r\nBcc: all@example.com', text: 'x', html: 'x' })
    assert.ok(!/^Bcc:/m.test(raw))
  })

  test('quoted-printable keeps lines short and gives the text back', () => {
    const text = `${'ä€😀 = '.repeat(40)}\nend `
    const encoded = quotedPrintable(text)
    assert.ok(encoded.split('\r\n').every((line) => line.length <= 76))
    const bytes = encoded
      .replaceAll('=\r\n', '')
      .replaceAll('\r\n', '\n')
      .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    assert.equal(Buffer.from(bytes, 'latin1').toString('utf8'), text)
  })
  test('names size and colour of each line', () => {
    const [line] = order.lines
    assert.ok(line)
    const given = { ...order, lines: [{ ...line, title: 'Shirt', options: { Size: 'M', Colour: 'Red & <b>' } }] }
    const { text, html } = confirmation('Shop', given)
    assert.match(text, /^2 x Shirt \(Size: M, Colour: Red & <b>\): €98\.00$/m)
    assert.match(html, /2 × Shirt \(Size: M, Colour: Red &amp; &lt;b&gt;\)/)
  })

  test('what comes from data begins no line of its own', () => {
    const nasty = 'Ada\r\nYour account is locked:\u2028click\u202E'
    const [line] = order.lines
    assert.ok(line)
    const shippingAddress = {
      ...order.shippingAddress,
      name: nasty,
      company: nasty,
      line1: nasty,
      line2: nasty,
      city: nasty,
    }
    const lines = [{ ...line, title: nasty, options: { [nasty]: nasty } }]
    const shippingMethod = { id: 'x', title: nasty }
    const { text } = confirmation('Shop', { ...order, shippingAddress, lines, shippingMethod })
    const plain = confirmation('Shop', {
      ...order,
      shippingAddress: { ...shippingAddress, ...{ name: 'a', company: 'a', line1: 'a', line2: 'a', city: 'a' } },
    })
    assert.equal(text.split(/[\r\n\u2028\u2029]/).length, plain.text.split('\n').length)
    assert.ok(!text.includes('\u202E'))
    const sentOff = dispatch('Shop', '1', nasty, nasty)
    assert.equal(
      sentOff.text.split(/[\r\n\u2028\u2029]/).length,
      dispatch('Shop', '1', 'a', 'a').text.split('\n').length,
    )
  })

  test('what a shopper wrote stands last, a line for each field, without links, and bounded', () => {
    const lure = 'You have won!\r\n\r\nClaim it:\u2028https://win.example/x?y or www.win.example\u202e now'
    const shippingAddress = { ...order.shippingAddress, name: lure, line2: 'a\n'.repeat(400), city: 'St.Gallen' }
    const { text, html } = confirmation('Shop', { ...order, shippingAddress })
    const address = text.slice(text.indexOf('\nTo:\n') + 5).split('\n')
    assert.equal(address[0], 'You have won! Claim it: win. example/x?y or www. win. example now')
    assert.equal([...(address[2] ?? '')].length, 100)
    assert.equal(address[3], '10115 St. Gallen')
    assert.ok(text.indexOf('Thank you') < text.indexOf('You have won!'))
    for (const body of [text, html]) assert.doesNotMatch(body, /:\/\/win|www\.win|win\.example/)
  })

  test('every word that came from outside is escaped in HTML', () => {
    const nasty = '<img src=x onerror=alert(1)>'
    const given = { ...order, number: nasty, lines: order.lines.map((line) => ({ ...line, title: nasty })) }
    for (const { html } of [confirmation(nasty, given), cancellation(nasty, given, 'expired')])
      assert.ok(!html.includes('<img'))
  })
})
