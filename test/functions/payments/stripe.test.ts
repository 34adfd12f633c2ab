/** The functions as they are bundled for a shop that uses Stripe, against a stand-in for its API. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, beforeEach, describe, test } from 'node:test'
import Stripe from 'stripe'
import { bundleFunctions } from '../../../cdk/constructs/bundle/bundle.ts'
import { entriesOf } from '../../../cdk/constructs/entries.ts'
import { payments, paymentsThrough } from '../../../functions/payments/contract.ts'
import { stripeAmountOf } from '../../../functions/payments/providers/stripe/amount.ts'
import { provider } from '../../../functions/payments/providers/stripe/provider.ts'
import { orderCancelled } from '../../../functions/published/orders.ts'
import { failing } from '../../support/asking.ts'
import { guest, type Json, someEvent, someId, staff, startService } from '../../support/service.ts'
import { startStripe, stripeKey } from './stripe-stand-in.ts'

const eur = (amount: number) => ({ amount, currency: 'EUR' })
const [owner, clerk] = [guest(), staff()]
const [newSecret, oldSecret] = ['whsec_new', 'whsec_old']
const keyArn = 'arn:aws:secretsmanager:eu-central-1:000000000000:secret:key'

const stripe = await startStripe()
const folder = 'functions/payments/providers/stripe'
const service = await startService(
  paymentsThrough(provider),
  {
    operations: {
      GetSecretValue: ({ SecretId }) => ({
        SecretString: SecretId === keyArn ? stripeKey : `${newSecret} ${oldSecret}`,
      }),
    },
  },
  {
    PROVIDER_KEY_ARN: keyArn,
    PROVIDER_SECRET_ARN: 'arn:aws:secretsmanager:eu-central-1:000000000000:secret:provider',
    STRIPE_ENDPOINT: stripe.url,
  },
  folder,
)
after(() => {
  service.stop()
  stripe.stop()
})
beforeEach(() => {
  stripe.sent.length = 0
})

const asked = (orderId: string, method: string, total: object) => ({ orderId, customerId: owner.sub, total, method })
const authorize = (orderId: string, method = 'pm_card_visa', total = eur(5000)) =>
  failing((input: object & { orderId: string }) => service.call('authorize', input))(asked(orderId, method, total))
const dispatch = (orderId: string) => failing((input) => service.call('capture', input))({ orderId })
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
const cancel = (orderId: string) =>
  service.deliver('undoPayment', [
    someEvent(orderCancelled, orderId, { orderId, customerId: owner.sub, reason: 'by-customer', order }),
  ])
const refund = (orderId: string, key: string, amount = 2000) =>
  service.request('refundPayment', {
    caller: clerk,
    params: { orderId },
    headers: { 'idempotency-key': key },
    body: { amount: eur(amount), reason: 'scratched' },
  })
const read = async (orderId: string, caller = owner): Promise<Json> =>
  (await service.request('readPayment', { caller, params: { orderId } })).body
const confirm = (orderId: string, body: object = {}) =>
  service.request('confirmPayment', { caller: owner, params: { orderId }, body })

const only = <T>(some: readonly T[]): T => {
  const [one, ...others] = some
  assert.ok(one !== undefined && others.length === 0, `one, not ${some.length}`)
  return one
}
const intentOf = (orderId: string) => only(stripe.of(orderId))
const requests = () => stripe.sent.map(({ method, path }) => `${method} ${path.replace(/(pi|re)_[0-9a-f]+/, '$1')}`)

const fixture = (name: string): Json =>
  JSON.parse(readFileSync(join(import.meta.dirname, `fixtures/stripe-${name}.json`), 'utf8'))
const report = (payload: Json, { secret = newSecret, ageSeconds = 0 } = {}) => {
  const body = JSON.stringify(payload)
  const timestamp = Math.floor(Date.now() / 1000) - ageSeconds
  const signature = Stripe.webhooks.generateTestHeaderString({ payload: body, secret, timestamp })
  return service.request('receiveProviderEvent', { body, headers: { 'stripe-signature': signature } })
}
/** The recorded event, as if it were about another order. */
const intentEvent = (
  orderId: string,
  id: string,
  type = 'payment_intent.amount_capturable_updated',
  status?: string,
) => {
  const event = fixture('payment-intent-event')
  const object = { ...event.data.object, metadata: { orderId }, ...(status ? { status } : {}) }
  return { ...event, id, type, data: { object } }
}

describe('a bundle', () => {
  const sizes = async (chosen?: string) => {
    const entries = entriesOf(payments).map(({ entry }) => entry)
    return [...(await bundleFunctions(entries, chosen)).values()].map(({ bytes }) => bytes)
  }

  test('has the library where the shop uses Stripe, and only there', async () => {
    const [without, withStripe] = [await sizes(), await sizes(folder)]
    assert.ok(Math.max(...without) <= 400 * 1024)
    assert.ok(Math.max(...withStripe) > 600 * 1024 && Math.max(...withStripe) <= 680 * 1024)
  })
})

describe('amounts for Stripe', () => {
  test('are ISO 4217’s but for the currencies in which Stripe counts otherwise', () => {
    const amounts = [
      [{ amount: 1999, currency: 'EUR' }, 1999],
      [{ amount: 500, currency: 'JPY' }, 500],
      [{ amount: 500, currency: 'ISK' }, 50_000],
      [{ amount: 500, currency: 'UGX' }, 50_000],
      [{ amount: 1500, currency: 'MGA' }, 15],
      [{ amount: 1550, currency: 'MGA' }, undefined],
      [{ amount: 1230, currency: 'KWD' }, 1230],
      [{ amount: 1234, currency: 'KWD' }, undefined],
    ] as const
    for (const [money, expected] of amounts) assert.equal(stripeAmountOf(money), expected, money.currency)
  })
})

describe('authorizing with Stripe', () => {
  test('makes an intent that is captured by hand, keeps its id, and then confirms it', async () => {
    const orderId = someId('ord')
    assert.deepEqual(await authorize(orderId), [])
    assert.equal((await read(orderId)).status, 'authorized')
    assert.deepEqual(requests(), [
      'POST /v1/payment_intents',
      'GET /v1/payment_intents/pi',
      'POST /v1/payment_intents/pi/confirm',
    ])
    const [created, , confirmed] = stripe.sent
    assert.deepEqual(created?.form, {
      amount: '5000',
      currency: 'eur',
      capture_method: 'manual',
      payment_method: 'pm_card_visa',
      'allowed_payment_method_types[0]': 'card',
      'metadata[orderId]': orderId,
    })
    assert.deepEqual([created?.key, confirmed?.key], [`${orderId}:authorize:create`, `${orderId}:authorize`])
  })

  test('delivered twice, also after Stripe has forgotten the keys, makes one intent', async () => {
    const orderId = someId('ord')
    await authorize(orderId)
    stripe.forgetKeys()
    assert.deepEqual(await authorize(orderId), [])
    assert.equal(intentOf(orderId).status, 'requires_capture')
  })

  for (const lost of [/POST .*intents$/, /POST .*confirm$/])
    test(`the answer to ${lost.source} lost: it comes again, and charges once`, async () => {
      const orderId = someId('ord')
      stripe.loseAnswerTo(lost)
      assert.equal((await authorize(orderId)).length, 1)
      assert.equal((await read(orderId)).status, 'pending')
      assert.deepEqual(await authorize(orderId), [])
      assert.equal((await read(orderId)).status, 'authorized')
      assert.equal(intentOf(orderId).status, 'requires_capture')
    })

  test('a decline is told with the bank’s code, and the intent is ended so that nobody can confirm it anew', async () => {
    const orderId = someId('ord')
    assert.deepEqual(await authorize(orderId, 'pm_card_visa_chargeDeclinedInsufficientFunds'), [])
    const { status, declineCode } = await read(orderId)
    assert.deepEqual([status, declineCode], ['declined', 'insufficient_funds'])
    assert.equal(intentOf(orderId).status, 'canceled')
  })

  test('a decline whose end was not heard of is still a decline', async () => {
    const orderId = someId('ord')
    stripe.loseAnswerTo(/POST .*cancel$/)
    assert.equal((await authorize(orderId, 'pm_card_visa_chargeDeclined')).length, 1)
    assert.deepEqual(await authorize(orderId, 'pm_card_visa_chargeDeclined'), [])
    assert.equal((await read(orderId)).declineCode, 'generic_decline')
  })

  test('a method or an amount that Stripe does not know is declined without a charge', async () => {
    const cases = [
      ['pm_unknown', eur(5000), 'payment_method_unknown'],
      ['sandbox_ok', eur(5000), 'payment_method_unknown'],
      ['pm_card_visa', { amount: 1234, currency: 'KWD' }, 'amount_not_supported'],
    ] as const
    for (const [method, total, code] of cases) {
      const orderId = someId('ord')
      assert.deepEqual(await authorize(orderId, method, total), [])
      assert.equal((await read(orderId)).declineCode, code)
      assert.deepEqual(stripe.of(orderId), [])
    }
  })
})

describe('confirming with Stripe', () => {
  const awaiting = async (): Promise<string> => {
    const orderId = someId('ord')
    await authorize(orderId, 'pm_card_authenticationRequired')
    return orderId
  }

  test('who pays gets what their browser needs for it, and nobody else does', async () => {
    const orderId = await awaiting()
    assert.equal((await read(orderId)).confirmationSecret, intentOf(orderId).client_secret)
    assert.equal((await read(orderId, clerk)).confirmationSecret, undefined)
  })

  test('takes Stripe’s word for it, not the caller’s', async () => {
    const orderId = await awaiting()
    assert.equal((await confirm(orderId)).body.status, 'action-required')
    stripe.authenticate(intentOf(orderId).id)
    assert.equal((await confirm(orderId)).body.status, 'authorized')
  })

  test('what the payer failed at their bank is declined, and ended at Stripe', async () => {
    const orderId = await awaiting()
    stripe.refuse(intentOf(orderId).id)
    const { body } = await confirm(orderId)
    assert.equal(body.status, 'declined')
    assert.equal(body.declineCode, 'payment_intent_authentication_failure')
    assert.equal(intentOf(orderId).status, 'canceled')
  })

  test('an outcome is none of the caller’s to say', async () => {
    const orderId = await awaiting()
    assert.equal((await confirm(orderId, { outcome: 'success' })).problem.code, 'INVALID_INPUT')
    assert.equal((await read(orderId)).status, 'action-required')
  })
})

describe('capturing, voiding and refunding with Stripe', () => {
  test('a dispatch captures the whole amount once, also when the answer was lost and the key forgotten', async () => {
    const orderId = someId('ord')
    await authorize(orderId)
    stripe.loseAnswerTo(/POST .*capture$/)
    assert.equal((await dispatch(orderId)).length, 1)
    stripe.forgetKeys()
    assert.deepEqual(await dispatch(orderId), [])
    assert.equal((await read(orderId)).status, 'captured')
    assert.equal(intentOf(orderId).amount_received, 5000)
  })

  test('a cancelled order’s intent is ended', async () => {
    const orderId = someId('ord')
    await authorize(orderId)
    assert.deepEqual(await cancel(orderId), [])
    assert.equal((await read(orderId)).status, 'voided')
    const { status, cancellation_reason: reason } = intentOf(orderId)
    assert.deepEqual([status, reason], ['canceled', 'requested_by_customer'])
  })

  test('a refund is made once, also when the answer was lost and the key forgotten', async () => {
    const orderId = someId('ord')
    await authorize(orderId)
    await dispatch(orderId)
    stripe.loseAnswerTo(/POST \/v1\/refunds$/)
    assert.equal((await refund(orderId, 'first')).status >= 500, true)
    stripe.forgetKeys()
    assert.equal((await refund(orderId, 'first')).status, 201)
    const made = only(stripe.refunds.filter(({ metadata }) => metadata.orderId === orderId))
    assert.equal(made.amount, 2000)
    assert.equal((await read(orderId)).status, 'partially-refunded')
    assert.equal((await refund(orderId, 'second', 3000)).body.status, 'refunded')
  })

  test('a refund that Stripe says has failed stays due, and is not booked', async () => {
    const orderId = someId('ord')
    await authorize(orderId)
    await dispatch(orderId)
    stripe.loseAnswerTo(/POST \/v1\/refunds$/)
    await refund(orderId, 'failing')
    for (const made of stripe.refunds) if (made.metadata.orderId === orderId) made.status = 'failed'
    assert.equal((await refund(orderId, 'failing')).status, 500)
    assert.deepEqual((await read(orderId)).refunded, eur(0))
  })
})

describe('reports from Stripe', () => {
  test('are taken with either secret, and with no other, older or altered signature', async () => {
    const orderId = someId('ord')
    await authorize(orderId)
    for (const secret of [newSecret, oldSecret])
      assert.equal((await report(intentEvent(orderId, someId('evt')), { secret })).status, 204)
    const event = intentEvent(orderId, someId('evt'))
    assert.equal((await report(event, { secret: 'whsec_other' })).problem.code, 'BAD_SIGNATURE')
    assert.equal((await report(event, { ageSeconds: 301 })).problem.code, 'BAD_SIGNATURE')
    assert.equal((await service.request('receiveProviderEvent', { body: event })).problem.code, 'BAD_SIGNATURE')
  })

  test('what the payer did in another window is heard of once', async () => {
    const orderId = someId('ord')
    await authorize(orderId, 'pm_card_authenticationRequired')
    stripe.authenticate(intentOf(orderId).id)
    const event = intentEvent(orderId, someId('evt'))
    assert.equal((await report(event)).status, 204)
    const { status, version } = await read(orderId)
    assert.equal(status, 'authorized')
    assert.equal((await report(event)).status, 204)
    assert.equal((await read(orderId)).version, version)
  })

  test('one that was overtaken does not undo what came after it', async () => {
    const orderId = someId('ord')
    await authorize(orderId, 'pm_card_authenticationRequired')
    stripe.authenticate(intentOf(orderId).id)
    const late = intentEvent(orderId, someId('evt'), 'payment_intent.payment_failed', 'requires_payment_method')
    assert.equal((await report(late)).status, 204)
    assert.equal((await read(orderId)).status, 'authorized')
  })

  test('what is about nothing of ours is acknowledged, and asks Stripe nothing', async () => {
    const foreign = intentEvent('', someId('evt'))
    foreign.data.object.metadata = {}
    for (const event of [foreign, fixture('refund-failed-event')]) assert.equal((await report(event)).status, 204)
    assert.deepEqual(stripe.sent, [])
  })
})
