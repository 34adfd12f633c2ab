/** What a dead letter says about itself, whatever sent it. */
import assert from 'node:assert/strict'
import { describe as suite, test } from 'node:test'
import { describe } from '../../../cdk/operate/dead-letters/messages.ts'

const message = (body: unknown, attributes: Record<string, string> = {}) => ({
  ...{ id: 'm-1', receipt: 'r', sentAtMs: 0, attributes },
  body: typeof body === 'string' ? body : JSON.stringify(body),
})

suite('a dead letter', () => {
  const trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

  test('of a consumer: event type, order and trace, and the last error where it is known', () => {
    const event = message({
      'detail-type': 'order.placed',
      detail: { traceparent: trace, aggregateId: 'ord_1', data: {} },
    })
    assert.deepEqual(describe(event, 'ContentionError: too many'), {
      reason: 'the consumer gave up after 5 attempts: ContentionError: too many',
      what: 'order.placed',
      orderId: 'ord_1',
      traceparent: trace,
    })
    assert.equal(describe(event).reason, 'the consumer gave up after 5 attempts')
  })

  test('that a rule could not deliver: the code that the rule gives', () => {
    const event = { 'detail-type': 'payment.captured', detail: { aggregateId: 'pay_1', data: { orderId: 'ord_2' } } }
    const attributes = { ERROR_CODE: 'NO_PERMISSIONS', ERROR_MESSAGE: 'not allowed', RULE_ARN: 'arn' }
    const { reason, orderId } = describe(message(event, attributes))
    assert.equal(reason, 'the rule could not deliver it: NO_PERMISSIONS (not allowed)')
    assert.equal(orderId, 'ord_2')
    assert.match(describe(message(event, { ERROR_CODE: 'SDK_CLIENT_ERROR' })).reason, /: SDK_CLIENT_ERROR$/)
  })

  test('of a task', () => {
    const { what, orderId, traceparent } = describe(message({ traceparent: trace, message: { orderId: 'ord_3' } }))
    assert.deepEqual({ what, orderId, traceparent }, { what: 'a task', orderId: 'ord_3', traceparent: trace })
  })

  test('of a schedule: what the function answered last', () => {
    const record = {
      requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 3 },
      responsePayload: { errorType: 'TypeError', errorMessage: 'no such table' },
    }
    const { what, reason } = describe(message(record))
    assert.deepEqual({ what, reason }, { what: 'a scheduled run', reason: 'failed 3 times: TypeError: no such table' })
  })

  test('that nobody here can have sent', () => {
    for (const body of ['poison', '7', '[]', '{"detail": 7}', 'null'])
      assert.equal(describe(message(body)).what, 'not a message of this shop', body)
  })
})
