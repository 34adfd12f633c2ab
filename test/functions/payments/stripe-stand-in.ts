/**
 * Stands where api.stripe.com stands: PaymentIntents and refunds as Stripe documents them, over HTTP. It refuses what
 * Stripe would refuse, and notes each request, so that tests see what was sent.
 */
import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import type { Json } from '../../support/service.ts'

export type Sent = { method: string; path: string; form: Record<string, string>; key: string | undefined }

type Intent = {
  id: string
  object: 'payment_intent'
  amount: number
  amount_capturable: number
  amount_received: number
  currency: string
  capture_method: string
  payment_method: string
  status: string
  client_secret: string
  cancellation_reason: string | null
  last_payment_error: { code: string; decline_code?: string } | null
  metadata: Record<string, string>
}

type Refund = { id: string; object: 'refund'; amount: number; payment_intent: string; status: string; metadata: Json }

type Reply = { status: number; body: Json }

/** What the library asks for; another version of it may mean other things by the same words. */
const apiVersion = '2026-10-28.endive'

export const stripeKey = 'sk_test_stand_in'

const refused = (status: number, error: Record<string, unknown>): Reply => ({ status, body: { error } })
const unexpectedState = (intent: Intent, act: string): Reply =>
  refused(400, {
    type: 'invalid_request_error',
    code: 'payment_intent_unexpected_state',
    message: `You cannot ${act} this PaymentIntent because it has a status of ${intent.status}.`,
    payment_intent: intent,
  })

/** `metadata[orderId]=x` -> `{orderId: 'x'}`. */
const metadataOf = (form: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(form).flatMap(([name, value]) => {
      const key = /^metadata\[(\w+)\]$/.exec(name)?.[1]
      return key === undefined ? [] : [[key, value]]
    }),
  )

const id = (prefix: string): string => `${prefix}_${randomBytes(12).toString('hex')}`

export const startStripe = async () => {
  const intents = new Map<string, Intent>()
  const refunds: Refund[] = []
  const sent: Sent[] = []
  const remembered = new Map<string, { request: string; reply: Reply }>()
  let losesAnswerTo: RegExp | undefined
  let answersToLose = 0

  const confirm = (intent: Intent): Reply => {
    if (intent.status !== 'requires_confirmation') return unexpectedState(intent, 'confirm')
    const decline = /^pm_card_visa_chargeDeclined(InsufficientFunds)?$/.exec(intent.payment_method)
    if (decline) {
      const error = { code: 'card_declined', decline_code: decline[1] ? 'insufficient_funds' : 'generic_decline' }
      Object.assign(intent, { status: 'requires_payment_method', last_payment_error: error })
      return refused(402, { type: 'card_error', ...error, message: 'Your card was declined.', payment_intent: intent })
    }
    if (intent.payment_method === 'pm_card_slow') {
      intent.status = 'processing'
      return { status: 200, body: intent }
    }
    const needsAction = intent.payment_method === 'pm_card_authenticationRequired'
    Object.assign(intent, {
      status: needsAction ? 'requires_action' : 'requires_capture',
      amount_capturable: needsAction ? 0 : intent.amount,
    })
    return { status: 200, body: intent }
  }

  const create = (form: Record<string, string>): Reply => {
    const method = form.payment_method ?? ''
    if (!/^pm_card_\w+$/.test(method))
      return refused(400, {
        type: 'invalid_request_error',
        code: 'resource_missing',
        param: 'payment_method',
        message: `No such PaymentMethod: '${method}'`,
      })
    const intentId = id('pi')
    const intent: Intent = {
      id: intentId,
      object: 'payment_intent',
      amount: Number(form.amount),
      amount_capturable: 0,
      amount_received: 0,
      currency: form.currency ?? '',
      capture_method: form.capture_method ?? 'automatic',
      payment_method: method,
      status: 'requires_confirmation',
      client_secret: `${intentId}_secret_${randomBytes(8).toString('hex')}`,
      cancellation_reason: null,
      last_payment_error: null,
      metadata: metadataOf(form),
    }
    intents.set(intentId, intent)
    return { status: 200, body: intent }
  }

  const act = (intent: Intent, action: string | undefined, form: Record<string, string>): Reply => {
    switch (action) {
      case undefined:
        return { status: 200, body: intent }
      case 'confirm':
        return confirm(intent)
      case 'capture': {
        if (intent.status !== 'requires_capture') return unexpectedState(intent, 'capture')
        const amount = Number(form.amount_to_capture ?? intent.amount)
        if (amount > intent.amount_capturable)
          return refused(400, { type: 'invalid_request_error', code: 'amount_too_large', message: 'Too large.' })
        Object.assign(intent, { status: 'succeeded', amount_received: amount, amount_capturable: 0 })
        return { status: 200, body: intent }
      }
      case 'cancel': {
        if (intent.status === 'succeeded' || intent.status === 'canceled') return unexpectedState(intent, 'cancel')
        Object.assign(intent, {
          status: 'canceled',
          amount_capturable: 0,
          cancellation_reason: form.cancellation_reason ?? null,
        })
        return { status: 200, body: intent }
      }
      default:
        return refused(404, { type: 'invalid_request_error', message: `Unrecognized request URL: ${action}` })
    }
  }

  const refund = (form: Record<string, string>): Reply => {
    const intent = intents.get(form.payment_intent ?? '')
    const given = refunds
      .filter(({ payment_intent: of }) => of === intent?.id)
      .reduce((sum, earlier) => sum + earlier.amount, 0)
    const amount = Number(form.amount)
    if (!intent || given + amount > intent.amount_received)
      return refused(400, {
        type: 'invalid_request_error',
        message: 'Refund amount is greater than unrefunded amount.',
      })
    const made: Refund = {
      id: id('re'),
      object: 'refund',
      amount,
      payment_intent: intent.id,
      status: 'succeeded',
      metadata: metadataOf(form),
    }
    refunds.unshift(made)
    return { status: 200, body: made }
  }

  const route = ({ method, path, form }: Sent): Reply => {
    const [, version, resource, intentId, action] = path.split('/')
    if (version === 'v1' && resource === 'refunds' && method === 'POST') return refund(form)
    if (version === 'v1' && resource === 'refunds')
      return {
        status: 200,
        body: {
          object: 'list',
          has_more: false,
          data: refunds.filter((made) => made.payment_intent === form.payment_intent),
        },
      }
    if (version === 'v1' && resource === 'payment_intents' && intentId === undefined && method === 'POST')
      return create(form)
    const intent = intents.get(intentId ?? '')
    if (version !== 'v1' || resource !== 'payment_intents' || !intent || (method === 'GET') !== (action === undefined))
      return refused(404, { type: 'invalid_request_error', code: 'resource_missing', message: `No such ${path}` })
    return act(intent, action, form)
  }

  /** Same key, same parameters: the first answer again; other parameters: an error (https://docs.stripe.com/api/idempotent_requests). */
  const replyTo = (request: Sent): Reply => {
    if (request.method !== 'POST' || request.key === undefined) return route(request)
    const said = JSON.stringify([request.path, request.form])
    const known = remembered.get(request.key)
    if (known && known.request !== said)
      return refused(400, { type: 'idempotency_error', message: 'Keys for idempotent requests can only be used once.' })
    if (known) return known.reply
    const { status, body } = route(request)
    const reply = { status, body: structuredClone(body) }
    remembered.set(request.key, { request: said, reply })
    return reply
  }

  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://stripe.test')
    const body = new URLSearchParams(await text(incoming))
    const key = incoming.headers['idempotency-key']
    const request: Sent = {
      method: incoming.method ?? '',
      path: pathname,
      form: Object.fromEntries(incoming.method === 'GET' ? searchParams : body),
      key: typeof key === 'string' ? key : undefined,
    }
    sent.push(request)
    const isAllowed = incoming.headers.authorization === `Bearer ${stripeKey}`
    if (incoming.headers['stripe-version'] !== apiVersion) throw new Error('another version of the API was asked for')
    const reply = isAllowed
      ? replyTo(request)
      : refused(401, { type: 'invalid_request_error', message: 'Invalid API Key provided' })
    if (losesAnswerTo?.test(`${request.method} ${request.path}`)) {
      answersToLose -= 1
      if (answersToLose === 0) losesAnswerTo = undefined
      incoming.socket.destroy()
      return
    }
    outgoing.writeHead(reply.status, { 'content-type': 'application/json', 'request-id': id('req') })
    outgoing.end(JSON.stringify(reply.body))
  }
  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing).catch((error: unknown) => outgoing.writeHead(500).end(String(error)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const bound = server.address()

  return {
    url: `http://127.0.0.1:${typeof bound === 'object' && bound ? bound.port : 0}`,
    sent,
    intents,
    refunds,
    /** All intents of an order. */
    of: (orderId: string): Intent[] => [...intents.values()].filter(({ metadata }) => metadata.orderId === orderId),
    /** The payer has done what their bank asked for, in time. */
    authenticate(intentId: string): void {
      const intent = intents.get(intentId)
      if (intent?.status === 'requires_action')
        Object.assign(intent, { status: 'requires_capture', amount_capturable: intent.amount })
    },
    /** The bank has agreed to what it had to think about. */
    decide(intentId: string): void {
      const intent = intents.get(intentId)
      if (intent?.status === 'processing')
        Object.assign(intent, { status: 'requires_capture', amount_capturable: intent.amount })
    },
    /** The payer has failed at what their bank asked for, or left its page. */
    refuse(intentId: string): void {
      const intent = intents.get(intentId)
      const error = { code: 'payment_intent_authentication_failure' }
      if (intent) Object.assign(intent, { status: 'requires_payment_method', last_payment_error: error })
    },
    /** Acts upon the next such request, and never answers it: nor its repetition by the library, which makes one. @returns whether that has happened */
    loseAnswerTo(request: RegExp): () => boolean {
      losesAnswerTo = request
      answersToLose = 2
      return () => losesAnswerTo === undefined
    },
    /** As Stripe does after a day or more. */
    forgetKeys: () => remembered.clear(),
    stop(): void {
      server.closeAllConnections()
      server.close()
    },
  }
}
