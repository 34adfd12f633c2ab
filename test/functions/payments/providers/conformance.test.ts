/** Every provider, and one of the tests' own, against the same suite: through its adapter, with a stand-in for its other side. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after } from 'node:test'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import Stripe from 'stripe'
import * as sandbox from '../../../../functions/payments/providers/sandbox/adapter.ts'
import { sandboxMemory } from '../../../../functions/payments/providers/sandbox/memory.ts'
import * as stripe from '../../../../functions/payments/providers/stripe/adapter.ts'
import { openTable, type Table } from '../../../../shared/runtime/table.ts'
import { signWebhook } from '../../../../shared/runtime/webhook-signature.ts'
import { startFakeAws } from '../../../support/aws.ts'
import { startEngine } from '../../../support/engine.ts'
import { testCredentials } from '../../../support/objects.ts'
import { createTable } from '../../../support/tables.ts'
import { startStripe, stripeKey } from '../stripe-stand-in.ts'
import { type BothSides, conforms } from './conformance.ts'
import { accountsAtBank } from './giro/account.ts'
import * as giro from './giro/adapter.ts'

const engine = await startEngine()
const aws = await startFakeAws(engine.url, { operations: { GetSecretValue: () => ({ SecretString: stripeKey }) } })
const stripeServer = await startStripe()
Object.assign(process.env, {
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: testCredentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: testCredentials.secretAccessKey,
  AWS_ENDPOINT_URL: aws.url,
  TABLE_NAME: 'payments',
  PROVIDER_KEY_ARN: 'arn:aws:secretsmanager:eu-central-1:000000000000:secret:key',
  STRIPE_ENDPOINT: stripeServer.url,
})
const client = new DynamoDBClient({ endpoint: engine.url })
await createTable(client, 'payments', { indexes: 0 })
after(() => {
  client.destroy()
  stripeServer.stop()
  aws.stop()
  engine.stop()
})

const secret = 'whsec_c2VjcmV0IG9mIHRoZSBwcm92aWRlciBz'
const secrets = async () => [secret]

/** A table whose next write is made, and then not answered, whenever that is asked for. */
const forgetful = (table: Table): { table: Table; loseAnswer: () => () => boolean } => {
  let loses = false
  return {
    loseAnswer: () => {
      loses = true
      return () => !loses
    },
    table: {
      ...table,
      write: async (...given) => {
        const written = await table.write(...given)
        if (loses) {
          loses = false
          throw new Error('the answer was lost')
        }
        return written
      },
    },
  }
}

const sandboxSides = (): BothSides => {
  const memory = sandboxMemory(openTable())
  const { table, loseAnswer } = forgetful(openTable())
  return {
    provider: sandbox.create({ table, defer: () => async () => undefined }),
    read: sandbox.createReader({ table, secrets }),
    methods: {
      good: 'sandbox_ok',
      declined: 'sandbox_insufficient_funds',
      needsPayer: 'sandbox_action_required',
      slow: 'sandbox_slow',
    },
    async held(orderId) {
      const intent = await memory.get(orderId)
      const setAside = intent?.state === 'authorized' ? intent.amountMinor : 0
      return { setAside, captured: intent?.capturedMinor ?? 0, refunded: intent?.refundedMinor ?? 0 }
    },
    payerAgrees: async () => ({ outcome: 'success' }),
    async decides(orderId) {
      const intent = await memory.get(orderId)
      assert.ok(intent?.state === 'pending')
      await memory.put({ ...intent, state: 'authorized' })
    },
    report(orderId) {
      const body = JSON.stringify({ id: `evt-${orderId}`, type: 'authorization.succeeded', orderId })
      return { body, headers: signWebhook(secret, `evt-${orderId}`, body, Date.now()), nowMs: Date.now() }
    },
    loseAnswer,
    forgetKeys: () => undefined,
  }
}

const stripeSides = (): BothSides => {
  const intentOf = (orderId: string) => {
    const [intent, ...others] = stripeServer.of(orderId)
    assert.equal(others.length, 0, 'an order has one intent')
    return intent
  }
  const idOf = (orderId: string): string => intentOf(orderId)?.id ?? ''
  const table = openTable()
  return {
    provider: stripe.create({ table }),
    read: stripe.createReader({ table, secrets }),
    methods: {
      good: 'pm_card_visa',
      declined: 'pm_card_visa_chargeDeclinedInsufficientFunds',
      needsPayer: 'pm_card_authenticationRequired',
      slow: 'pm_card_slow',
    },
    async held(orderId) {
      const intent = intentOf(orderId)
      const refunds = stripeServer.refunds.filter((made) => made.payment_intent === intent?.id)
      return {
        setAside: intent?.amount_capturable ?? 0,
        captured: intent?.amount_received ?? 0,
        refunded: refunds.reduce((sum, { amount }) => sum + amount, 0),
      }
    },
    async payerAgrees(orderId) {
      stripeServer.authenticate(idOf(orderId))
      return {}
    },
    decides: async (orderId) => stripeServer.decide(idOf(orderId)),
    report(orderId) {
      const recorded = readFileSync(join(import.meta.dirname, '../fixtures/stripe-payment-intent-event.json'), 'utf8')
      const event = JSON.parse(recorded)
      const object = { ...event.data.object, metadata: { orderId } }
      const payload = JSON.stringify({ ...event, id: `evt_${orderId}`, data: { object } })
      const headers = { 'stripe-signature': Stripe.webhooks.generateTestHeaderString({ payload, secret }) }
      return { body: payload, headers, nowMs: Date.now() }
    },
    loseAnswer(step) {
      const requests = { authorize: /POST .*confirm$/, capture: /POST .*capture$/, void: /POST .*cancel$/ }
      return stripeServer.loseAnswerTo(step === 'refund' ? /POST \/v1\/refunds$/ : requests[step])
    },
    forgetKeys: () => stripeServer.forgetKeys(),
  }
}

const giroSides = (): BothSides => {
  const accounts = accountsAtBank(openTable())
  const { table, loseAnswer } = forgetful(openTable())
  return {
    provider: giro.create({ table }),
    read: giro.createReader({ table, secrets }),
    methods: { good: 'giro_account', declined: 'giro_refused', needsPayer: 'giro_number', slow: 'giro_slow' },
    async held(orderId) {
      const { state, amountMinor, takenMinor, returnedMinor } = await accounts.get(orderId)
      return { setAside: state === 'set-aside' ? amountMinor : 0, captured: takenMinor, refunded: returnedMinor }
    },
    payerAgrees: async () => ({ transactionNumber: giro.rightNumber }),
    async decides(orderId) {
      await accounts.step(orderId, 'decided', () => ({ state: 'set-aside' }))
    },
    report(orderId) {
      const body = JSON.stringify({ notice: `n-${orderId}`, about: 'authorization', orderId })
      return { body, headers: { 'giro-signature': giro.signatureOf(secret, body) }, nowMs: Date.now() }
    },
    loseAnswer,
    forgetKeys: () => undefined,
  }
}

conforms('sandbox', sandboxSides())
conforms('stripe', stripeSides())
conforms('giro, which only the tests have', giroSides())
