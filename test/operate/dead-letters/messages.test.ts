/** What a dead letter says about itself, whatever sent it. */
import assert from 'node:assert/strict'
import { describe as suite, test } from 'node:test'
import { describe, eventIdOf, eventOf } from '../../../cdk/operate/dead-letters/messages.ts'

const message = (body: unknown, attributes: Record<string, string> = {}) => ({
  ...{ id: 'm-1', receipt: 'r', sentAtMs: 0, attributes },
  body: typeof body === 'string' ? body : JSON.stringify(body),
})

suite('a dead letter', () => {
  const trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

  const failed = { condition: 'RetriesExhausted', approximateInvokeCount: 3 }

  test('of a consumer: event type, order and trace, and what it failed on', () => {
    const event = {
      'detail-type': 'order.placed',
      detail: { id: 'evt_1', traceparent: trace, aggregateId: 'ord_1', data: {} },
    }
    const record = message({
      requestContext: failed,
      requestPayload: event,
      responsePayload: { errorType: 'ContentionError', errorMessage: 'too many' },
    })
    assert.deepEqual(describe(record), {
      reason: 'failed 3 times: ContentionError: too many',
      what: 'order.placed',
      orderId: 'ord_1',
      traceparent: trace,
    })
    assert.equal(eventOf(record), JSON.stringify(event))
    assert.equal(eventIdOf(record), 'evt_1')
  })

  test('of a consumer that nobody was free to run', () => {
    const requestContext = { condition: 'EventAgeExceeded', approximateInvokeCount: 0 }
    const { reason } = describe(message({ requestContext, requestPayload: { 'detail-type': 'x', detail: {} } }))
    assert.equal(reason, 'failed 0 times: it waited too long')
  })

  test('that a rule could not deliver: the code that the rule gives', () => {
    const event = { 'detail-type': 'payment.captured', detail: { aggregateId: 'pay_1', data: { orderId: 'ord_2' } } }
    const attributes = { ERROR_CODE: 'NO_PERMISSIONS', ERROR_MESSAGE: 'not allowed', RULE_ARN: 'arn' }
    const { reason, orderId } = describe(message(event, attributes))
    assert.equal(reason, 'the rule could not deliver it: NO_PERMISSIONS (not allowed)')
    assert.equal(orderId, 'ord_2')
    assert.equal(eventOf(message(event, attributes)), JSON.stringify(event))
    assert.match(describe(message(event, { ERROR_CODE: 'SDK_CLIENT_ERROR' })).reason, /: SDK_CLIENT_ERROR$/)
  })

  test('of a task', () => {
    const { what, orderId, traceparent } = describe(message({ traceparent: trace, message: { orderId: 'ord_3' } }))
    assert.deepEqual({ what, orderId, traceparent }, { what: 'a task', orderId: 'ord_3', traceparent: trace })
    const body = message({ traceparent: trace, message: {} })
    assert.equal(describe(body, 'Error: no').reason, 'the task gave up after 10 attempts: Error: no')
    assert.equal(describe(body).reason, 'the task gave up after 10 attempts')
    assert.equal(eventOf(body), undefined)
  })

  test('of a schedule: what the function answered last', () => {
    const record = {
      requestContext: failed,
      requestPayload: {},
      responsePayload: { errorType: 'TypeError', errorMessage: 'no such table' },
    }
    const { what, reason } = describe(message(record))
    assert.deepEqual({ what, reason }, { what: 'a scheduled run', reason: 'failed 3 times: TypeError: no such table' })
  })

  test('that nobody here can have sent', () => {
    for (const body of ['poison', '7', '[]', '{"detail": 7}', 'null', '{"requestPayload": {"poison": 1}}'])
      assert.equal(describe(message(body)).what, 'not a message of this shop', body)
  })
})
