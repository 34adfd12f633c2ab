/**
 * Each metric that the shop declares, through the function that counts it: under the name, the namespace and the dimensions
 * that alarms and dashboards look at. An alarm on a metric that nobody counts would be silent for ever.
 */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, mock, test } from 'node:test'
import Stripe from 'stripe'
import { stageNamed } from '../../cdk/stages.ts'
import { identity } from '../../functions/identity/contract.ts'
import { inventory } from '../../functions/inventory/contract.ts'
import { notifications } from '../../functions/notifications/contract.ts'
import { orders, stuckAfterMinutes } from '../../functions/orders/contract.ts'
import { payments } from '../../functions/payments/contract.ts'
import { orderConfirmed } from '../../functions/published/orders.ts'
import { paymentAuthorized } from '../../functions/published/payments.ts'
import { relations } from '../../functions/relations/contract.ts'
import { reporting } from '../../functions/reporting/contract.ts'
import { services } from '../../functions/services.ts'
import type { ServiceDeclaration } from '../../shared/contract/endpoint.ts'
import { commonMetrics, type MetricDeclaration } from '../../shared/contract/metric.ts'
import { startStripe, stripeKey } from '../functions/payments/stripe-stand-in.ts'
import type { Fakes } from '../support/aws.ts'
import { type Counted, countedDuring } from '../support/metrics.ts'
import {
  customer,
  guest,
  type Json,
  type ServiceUnderTest,
  someEvent,
  someId,
  startService,
} from '../support/service.ts'
import { metricsOfAlarm, metricsOfDashboard, ofType } from '../support/templates.ts'

const { prefix, shop } = stageNamed('dev')
const eur = (amount: number) => ({ amount, currency: 'EUR' })

/** Every metric that was counted, over all services. */
const counted: Counted[] = []

/** One service after the other: they share the process, and so its environment. */
const during = async <S extends ServiceDeclaration>(
  declaration: S,
  act: (service: ServiceUnderTest<S>) => Promise<unknown>,
  {
    fakes = {},
    environment = {},
    provider,
  }: { fakes?: Fakes; environment?: Record<string, string>; provider?: string } = {},
): Promise<(declared: MetricDeclaration) => number[]> => {
  const settings = {
    SHOP_PREFIX: prefix,
    POWERTOOLS_METRICS_DISABLED: 'false',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    ...environment,
  }
  const service = await startService(declaration, fakes, settings, provider)
  const now = await countedDuring(() => act(service)).finally(() => service.stop())
  counted.push(...now)
  return (declared) => now.filter(({ name }) => name === declared.name).map(({ value }) => value)
}

const minutesAgo = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString()

describe('orders count', () => {
  const procedures = {
    'carts-checkout-snapshot': () => ({ cart: { id: someId('crt'), version: 1, lines: [{ sku: 'A', quantity: 1 }] } }),
    'catalog-quote': () => ({
      variants: [{ sku: 'A', productId: someId('prd'), title: 'A', options: {}, unitPrice: eur(1000), weightGrams: 1 }],
    }),
    'shipping-quote': () => ({ method: { id: 'standard', title: 'Standard', price: eur(490) } }),
    // Taken up again by time: it was given back before.
    'inventory-reserve': () => ({ state: 'released', shortages: [] }),
  }
  const body = {
    cartId: someId('crt'),
    email: 'ada@example.com',
    shippingAddress: { name: 'Ada', line1: '12 Dock Road', city: 'Berlin', postalCode: '10115', country: 'DE' },
    shippingMethod: 'standard',
    payment: { method: 'sandbox_ok' },
  }

  test('each order once, however often it is asked for or heard of, and those that stand still', async () => {
    const valuesOf = await during(
      orders,
      async (service) => {
        const place = async (idempotencyKey: string = randomUUID()): Promise<string> => {
          const headers = { 'idempotency-key': idempotencyKey }
          return (await service.request('placeOrder', { caller, body, headers })).body.id
        }
        const caller = guest()
        const key = randomUUID()
        const orderId = await place(key)
        await place(key)
        const event = someEvent(paymentAuthorized, orderId, { orderId, amount: eur(1490) })
        for (const _ of [1, 2]) assert.deepEqual(await service.deliver('settleOrder', [event]), [])
        await service.run('moveOverdue')
        for (const minutes of [stuckAfterMinutes - 1, stuckAfterMinutes + 1]) {
          const id = await place()
          const item = (await service.items()).find(({ pk }) => pk === `order#${id}`)
          const deadline = minutesAgo(minutes)
          await service.put({ ...item, deadline, gsi3sk: `${deadline}#${id}` })
        }
        await service.run('moveOverdue')
      },
      { fakes: { procedures } },
    )
    const { ordersPlaced, ordersConfirmed, revenue, ordersStuck } = orders.metrics
    assert.deepEqual(valuesOf(ordersPlaced), [1, 1, 1])
    assert.deepEqual(valuesOf(ordersConfirmed), [1])
    assert.deepEqual(valuesOf(revenue), [1490])
    assert.deepEqual(valuesOf(ordersStuck), [0, 1])
  })
})

describe('inventory counts', () => {
  test('an order without stock once', async () => {
    const orderId = someId('ord')
    const asked = { orderId, lines: [{ sku: 'A', quantity: 1 }], expiresAt: minutesAgo(-15) }
    const valuesOf = await during(inventory, async (service) => {
      for (const _ of [1, 2]) assert.equal((await service.call('reserve', asked)).state, 'rejected')
    })
    assert.deepEqual(valuesOf(inventory.metrics.outOfStock), [1])
  })
})

describe('payments count', () => {
  const secret = 'whsec_new'
  const failedRefund: Json = JSON.parse(
    readFileSync(join(import.meta.dirname, '../functions/payments/fixtures/stripe-refund-failed-event.json'), 'utf8'),
  )
  const dispute = {
    ...failedRefund,
    id: 'evt_dispute',
    type: 'charge.dispute.created',
    data: { object: { id: 'dp_1', object: 'dispute' } },
  }

  test('what the provider declines, cannot refund, and hears disputed', async () => {
    const stripe = await startStripe()
    after(() => stripe.stop())
    const keyArn = 'arn:aws:secretsmanager:eu-central-1:000000000000:secret:key'
    const secretArn = 'arn:aws:secretsmanager:eu-central-1:000000000000:secret:provider'
    const orderId = someId('ord')
    const asked = { orderId, customerId: guest().sub, total: eur(5000), method: 'pm_card_visa_chargeDeclined' }
    const valuesOf = await during(
      payments,
      async (service) => {
        for (const _ of [1, 2]) assert.equal((await service.call('authorize', asked)).status, 'declined')
        for (const report of [failedRefund, dispute]) {
          const payload = JSON.stringify(report)
          const timestamp = Math.floor(Date.now() / 1000)
          const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp })
          const headers = { 'stripe-signature': signature }
          assert.equal((await service.request('receiveProviderEvent', { body: payload, headers })).status, 204)
        }
      },
      {
        provider: 'functions/payments/providers/stripe',
        fakes: {
          operations: {
            GetSecretValue: ({ SecretId }) => ({ SecretString: SecretId === keyArn ? stripeKey : secret }),
          },
        },
        environment: {
          PROVIDER_KEY_ARN: keyArn,
          PROVIDER_SECRET_ARN: secretArn,
          STRIPE_ENDPOINT: stripe.url,
        },
      },
    )
    const { paymentsDeclined, refundsFailed, disputesOpened } = payments.metrics
    assert.deepEqual([paymentsDeclined, refundsFailed, disputesOpened].map(valuesOf), [[1], [1], [1]])
  })
})

describe('identity counts', () => {
  test('erasures that take too long, refresh tokens that are shown again, and tokens that KMS did not sign', async () => {
    let isBusy = false
    const valuesOf = await during(
      identity,
      async (service) => {
        const { body: guested } = await service.request('guest')
        const first = guested.tokens.refreshToken
        const refresh = (refreshToken: string) => service.request('refresh', { body: { refreshToken } })
        const second = (await refresh(first)).body.tokens.refreshToken
        assert.equal((await refresh(second)).ok, true)
        assert.equal((await refresh(first)).ok, false)
        const { status, body } = await service.request('eraseMe', { caller: guest() })
        assert.equal(status, 202)
        isBusy = true
        // Attempts follow each other at once.
        const jitter = mock.method(Math, 'random', () => 0)
        assert.equal((await service.request('guest')).status, 503)
        jitter.mock.restore()
        const item = (await service.items()).find(({ pk }) => pk === `erasure#${body.id}`)
        const dueAt = minutesAgo(1)
        const requestedAt = minutesAgo(21 * 24 * 60)
        await service.put({ ...item, requestedAt, dueAt, gsi1sk: `${dueAt}#${body.id}` })
        await service.run('pursueErasures')
      },
      {
        fakes: {
          operations: {
            Sign: () =>
              isBusy
                ? Object.assign(new Error('too many at once'), { name: 'ThrottlingException' })
                : { KeyId: 'key-1', Signature: Buffer.from('signed').toString('base64') },
          },
        },
        environment: { TOKEN_ISSUER: 'https://issuer.example', SIGNING_KEYS: '[{"name":"key-1"}]' },
      },
    )
    assert.deepEqual(valuesOf(identity.metrics.erasuresOverdue), [1])
    assert.deepEqual(valuesOf(identity.metrics.refreshTokenReuse), [1])
    assert.deepEqual(valuesOf(identity.metrics.signaturesThrottled), [1])
  })
})

describe('notifications count', () => {
  test('mails that were one too many for their address', async () => {
    const order = {
      ...{ number: '261121-AAAA-BBBB', email: 'ada@example.com', lines: [], pricesIncludeTax: true },
      ...{ subtotal: eur(0), discount: eur(0), shipping: eur(0), tax: eur(0), total: eur(0) },
      shippingMethod: { id: 'standard', title: 'Standard' },
      shippingAddress: { name: 'Ada', line1: '12 Dock Road', city: 'Berlin', postalCode: '10115', country: 'DE' },
    }
    const confirmed = () => {
      const orderId = someId('ord')
      const ids = { orderId, customerId: guest().sub, cartId: someId('crt'), cartVersion: 1 }
      return someEvent(orderConfirmed, orderId, { ...ids, order })
    }
    const valuesOf = await during(
      notifications,
      async (service) => {
        await service.deliver('notifyOfOrder', Array.from({ length: 10 }, confirmed))
        await service.deliver('notifyOfOrder', [confirmed()])
      },
      {
        fakes: { operations: { SendRawEmail: () => '<SendRawEmailResponse/>' } },
        environment: { MAIL_FROM: 'shop@example.com' },
      },
    )
    assert.deepEqual(valuesOf(notifications.metrics.mailsWithheld), [1])
  })
})

describe('reporting counts', () => {
  test('what does not add up, also when that is nothing', async () => {
    const valuesOf = await during(reporting, (service) => service.run('reconcile'))
    assert.deepEqual(valuesOf(reporting.metrics.reconciliationDrift), [0])
  })
})

describe('every service counts', () => {
  test('cold starts, what it answers with 5xx, and what it goes on without', async () => {
    const [me, them] = [customer(), customer()]
    const fakes: Fakes = {
      procedures: { 'identity-find-user': () => ({ user: { id: them.sub, createdAt: minutesAgo(1) } }) },
    }
    const valuesOf = await during(
      relations,
      async (service) => {
        const params = { userId: them.sub }
        await service.request('followUser', { caller: me, params })
        assert.equal((await service.request('listFollowers', { caller: me, params })).status, 200)
        fakes.fails = () => true
        assert.equal((await service.request('listFollowers', { caller: me, params })).status, 500)
        assert.deepEqual(await service.work('eraseRelations', [{ foreign: true }]), ['0'])
      },
      { fakes },
    )
    const { serverErrors, failedMessages, coldStarts, fallbacks } = commonMetrics
    assert.deepEqual([serverErrors, failedMessages, fallbacks].map(valuesOf), [[1], [1], [1]])
    assert.deepEqual(valuesOf(coldStarts), [1, 1, 1])
  })
})

describe('what alarms and dashboards look at', () => {
  const nameOf = ({ namespace, name, dimensions }: Pick<Counted, 'namespace' | 'name'> & { dimensions: object }) =>
    JSON.stringify([namespace, name, Object.entries(dimensions).toSorted()])
  const isCommon = (name: string): boolean => Object.values(commonMetrics).some((common) => common.name === name)

  test('was counted above, under exactly that name, in that namespace, with those dimensions', () => {
    const known = new Set(counted.map(nameOf))
    const looked = [
      ...ofType('AWS::CloudWatch::Alarm').flatMap(metricsOfAlarm),
      ...ofType('AWS::CloudWatch::Dashboard').flatMap(metricsOfDashboard),
    ].filter(({ namespace }) => namespace === prefix)
    assert.ok(looked.length > services.length)
    for (const shown of looked) {
      // What all services count is counted by the same code in each: the one above stands for them.
      const service = isCommon(shown.name) ? relations.name : shown.dimensions.service
      const name = nameOf({ ...shown, dimensions: { ...shown.dimensions, service } })
      assert.ok(known.has(name), `${name}: nobody counts it`)
    }
  })

  test('is all that is counted, and has no dimension that would make one metric many', () => {
    const declared = services.flatMap(({ metrics = {} }) => Object.values<MetricDeclaration>(metrics))
    const names = [...Object.values(commonMetrics), ...declared].map(({ name }) => name)
    assert.deepEqual([...new Set(counted.map(({ name }) => name))].toSorted(), names.toSorted())
    for (const { name, dimensions } of counted) {
      const isMoney = declared.some((one) => one.name === name && one.unit === 'money')
      assert.deepEqual(Object.keys(dimensions).toSorted(), isMoney ? ['currency', 'service'] : ['service'])
      if (isMoney) assert.equal(dimensions.currency, shop.currency)
    }
  })
})
