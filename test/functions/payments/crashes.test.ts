/**
 * Every story of a payment, ended before each of its database calls in turn and then delivered again: it comes to the
 * same end as if nothing had happened, at the provider too. To end before one call is to end after the one before it.
 */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import { after, describe, test } from 'node:test'
import { payments } from '../../../functions/payments/contract.ts'
import { orderCancelled } from '../../../functions/published/orders.ts'
import { signWebhook } from '../../../shared/runtime/webhook-signature.ts'
import { failing } from '../../support/asking.ts'
import { guest, type Json, someEvent, someId, staff, startService, type TestRequest } from '../../support/service.ts'

const eur = (amount: number) => ({ amount, currency: 'EUR' })
const secret = 'whsec_c2VjcmV0IG9mIHRoZSBwcm92aWRlciBz'
const [owner, clerk] = [guest(), staff()]

/** The shop's public address: the stories deliver the provider's event themselves, so it only has to take it. */
const front = createServer((_, outgoing) => outgoing.writeHead(204).end())
await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve))
const bound = front.address()

/** Database calls since a story began; from the fatal one on all fail, until the function is started again. */
let [calls, fatalCall, dead] = [0, 0, false]
const service = await startService(
  payments,
  {
    fails: () => {
      calls += 1
      dead ||= calls === fatalCall
      return dead
    },
    operations: {
      GetSecretValue: () => ({ SecretString: secret }),
      SendMessage: ({ MessageBody }) => ({
        MessageId: 'm-1',
        MD5OfMessageBody: createHash('md5').update(String(MessageBody)).digest('hex'),
      }),
    },
  },
  {
    PROVIDER_SECRET_ARN: 'arn:aws:secretsmanager:eu-central-1:000000000000:secret:provider',
    SEND_SANDBOX_EVENT_QUEUE_URL: 'https://sqs.eu-central-1.amazonaws.com/000000000000/q',
    API_URL: `http://127.0.0.1:${typeof bound === 'object' && bound ? bound.port : 0}`,
  },
)
after(() => {
  service.stop()
  front.closeAllConnections()
  front.close()
})

/** One delivery or request. @returns whether it was acknowledged */
type Step = (orderId: string) => Promise<boolean>

const asked = async (name: keyof typeof payments.endpoints, request: TestRequest): Promise<boolean> =>
  (await service.request(name, request)).status < 500
const withKey = (orderId: string, key: string) => ({
  caller: clerk,
  params: { orderId },
  headers: { 'idempotency-key': `${key}-${orderId}` },
})
const authorize =
  (method: string): Step =>
  async (orderId) => {
    const data = { orderId, customerId: owner.sub, total: eur(5000), method }
    return (await failing((input) => service.call('authorize', input))(data)).length === 0
  }
const cancel: Step = async (orderId) => {
  const order = {
    number: '1',
    lines: [],
    subtotal: eur(5000),
    discount: eur(0),
    shipping: eur(0),
    tax: eur(0),
    total: eur(5000),
    pricesIncludeTax: false,
    shippingMethod: { id: 's', title: 'S' },
    shippingAddress: { name: 'A', line1: 'B', city: 'C', postalCode: '1', country: 'DE' },
  }
  const data = { orderId, customerId: owner.sub, reason: 'by-customer', order }
  return (await service.deliver('undoPayment', [someEvent(orderCancelled, orderId, data)])).length === 0
}
const dispatch: Step = async (orderId) => {
  return (await failing((input) => service.call('capture', input))({ orderId })).length === 0
}
const providerDecides: Step = async (orderId) => (await service.work('sendSandboxEvent', [{ orderId }])).length === 0
const providerReports: Step = (orderId) => {
  const body = JSON.stringify({ id: `evt-${orderId}`, type: 'authorization.succeeded', orderId })
  return asked('receiveProviderEvent', { body, headers: signWebhook(secret, 'evt', body, Date.now()) })
}
const confirm: Step = (orderId) =>
  asked('confirmPayment', { caller: owner, params: { orderId }, body: { outcome: 'success' } })
const capture: Step = (orderId) => asked('capturePayment', withKey(orderId, 'capture'))
const refund: Step = (orderId) =>
  asked('refundPayment', { ...withKey(orderId, 'refund'), body: { amount: eur(2000), reason: 'scratched' } })

/** Fails as long as the provider has not decided, so that it comes again; the wish is kept nevertheless. */
const dispatchTooEarly: Step = async (orderId) => !(await dispatch(orderId)) && !dead

const ok = authorize('sandbox_ok')
const slow = authorize('sandbox_slow')
const hardToReach = authorize('sandbox_flaky')
const declined = authorize('sandbox_declined')
const unconfirmed = authorize('sandbox_action_required')

const stories: readonly [name: string, steps: readonly Step[], end: string][] = [
  ['bought and sent', [ok, dispatch], 'captured'],
  ['hard to reach, bought and sent', [hardToReach, dispatch], 'captured'],
  ['declined, then cancelled', [declined, cancel], 'declined'],
  ['authorized, then cancelled', [ok, cancel], 'voided'],
  ['cancelled before it was asked for', [cancel, ok], 'voided'],
  ['confirmed and sent', [unconfirmed, confirm, dispatch], 'captured'],
  ['cancelled instead of confirmed', [unconfirmed, cancel, confirm], 'voided'],
  ['reported late and sent', [slow, providerDecides, providerReports, dispatch], 'captured'],
  ['dispatched before it was reported', [slow, dispatchTooEarly, providerDecides, providerReports], 'captured'],
  ['cancelled before it was reported', [slow, cancel, providerDecides, providerReports], 'voided'],
  ['reported when the cancellation was settled', [slow, providerDecides, cancel, providerReports], 'voided'],
  // Nothing comes after the refund, so it must be its own repetition that brings it to its end.
  ['captured and refunded in part', [ok, capture, refund], 'partially-refunded'],
  ['captured, refunded in part, cancelled', [ok, capture, refund, cancel], 'refunded'],
]

/** Tells a story for a new order, ending before the database call `fatal`. */
const tell = async (steps: readonly Step[], fatal: number, times = 1): Promise<{ orderId: string; made: number }> => {
  const orderId = someId('ord')
  ;[calls, fatalCall] = [0, fatal]
  for (const step of steps)
    for (let time = 0; time < times; time += 1)
      for (let tries = 1; !(await step(orderId)); tries += 1) {
        assert.ok(dead && tries === 1, 'a step fails only when it was ended, and not again')
        ;[dead, fatalCall] = [false, 0]
      }
  return { orderId, made: calls }
}

/** All that there is in the end, without what differs from order to order. */
const endOf = (orderId: string, everything: readonly Json[]): Json => {
  const anonymous = (text: string) => text.replace(orderId, 'order').replace(/rfd_\w+/, 'refund')
  const items = everything.filter(({ pk }) => String(pk).endsWith(orderId))
  const payment = items.find(({ sk }) => sk === 'payment')
  const provider = items.find(({ sk }) => sk === 'intent')
  return {
    status: payment.status,
    // One number for each event: none is lost, none is told twice.
    sequence: payment.sequence,
    captured: payment.capturedMinor,
    refunds: payment.refunds.map(({ amountMinor, done }: Json) => [amountMinor, done]),
    journal: payment.journal.map(({ step, postings }: Json) => [anonymous(step), postings]),
    provider: provider && {
      state: provider.state,
      captured: provider.capturedMinor,
      refunded: provider.refundedMinor,
      keys: provider.keys.map(anonymous),
    },
  }
}

const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0)

describe('mistakes 3, 9, 10 and 15: a payment whose functions end half-way', () => {
  for (const [name, steps, status] of stories)
    test(`${name}: ${status}, wherever it was interrupted`, async () => {
      const whole = await tell(steps, 0)
      const twice = await tell(steps, 0, 2)
      const ended: string[] = []
      for (let fatal = 1; fatal <= whole.made; fatal += 1) ended.push((await tell(steps, fatal)).orderId)
      const items = await service.items()
      const end = endOf(whole.orderId, items)
      assert.equal(end.status, status)
      const postings = end.journal.flatMap(([, booked]: [string, Json[]]) => booked)
      assert.equal(sum(postings.map(({ amountMinor }: Json) => amountMinor)), 0, 'M3')
      if (end.provider) {
        const refunded = sum(end.refunds.map(([amount]: [number]) => amount))
        assert.deepEqual(
          { captured: end.provider.captured, refunded: end.provider.refunded },
          { captured: end.captured, refunded },
          'M2',
        )
      }
      assert.deepEqual(endOf(twice.orderId, items), end, 'each step twice')
      for (const [index, orderId] of ended.entries())
        assert.deepEqual(endOf(orderId, items), end, `ended before call ${index + 1} of ${whole.made}`)
    })
})
