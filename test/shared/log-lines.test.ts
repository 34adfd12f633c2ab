import assert from 'node:assert/strict'
import { describe, mock, test } from 'node:test'
import { inspect } from 'node:util'
import * as z from 'zod/mini'
import { logEvents } from '../../shared/runtime/events-logged.ts'
import { LogLines, withoutInput } from '../../shared/runtime/log-lines.ts'
import { correlate, logger } from '../../shared/runtime/observability.ts'
import { handleRecords } from '../../shared/runtime/task.ts'
import { continueTrace, joinTrace, logFields, withTrace } from '../../shared/runtime/trace.ts'
import { someId } from '../support/service.ts'

logger.setLogLevel('SILENT')

const thrownBy = (work: () => unknown): unknown => {
  try {
    work()
  } catch (error) {
    return error
  }
  return assert.fail('nothing was thrown')
}

describe('an error in the logs', () => {
  const secret = 'ada@example.com'
  const refusedByTheTable = Object.assign(new Error('The conditional request failed'), {
    name: 'ConditionalCheckFailedException',
    Item: { email: { S: secret } },
    CancellationReasons: [{ Item: { email: { S: secret } } }],
  })
  const cases: [string, unknown, RegExp][] = [
    ['of DynamoDB is told without the item', refusedByTheTable, /ConditionalCheckFailedException.*request failed/],
    [
      'of SES is told without the address',
      new Error(`not verified: <${secret}>, failed`),
      /not verified: <\[address\]>/,
    ],
    [
      'of a condition that DynamoDB refuses is told without its operands',
      Object.assign(
        new Error(
          `Invalid KeyConditionExpression: The BETWEEN operator requires upper bound to be greater; lower bound operand: AttributeValue: {S:${secret}}`,
        ),
        { name: 'ValidationException' },
      ),
      /ValidationException: Invalid KeyConditionExpression\n/,
    ],
    ['of JSON is told without the text', thrownBy(() => JSON.parse(`{"a": "${secret}`)), /SyntaxError: not valid JSON/],
    [
      'of a schema is told by code and field',
      thrownBy(() => z.strictObject({ a: z.string() }).parse({ a: 1, [secret]: 1 })),
      /invalid_type at a, unrecognized_keys at the top/,
    ],
    [
      'is told with its causes, in the same way',
      new Error('outer', { cause: refusedByTheTable }),
      /outer.*ConditionalCheckFailedException/s,
    ],
    [
      'is told where a call was given up, whose error is none of ours',
      new Error('outer', { cause: new DOMException('This operation was aborted', 'AbortError') }),
      /outer.*AbortError.*This operation was aborted/s,
    ],
    ['that is none is told by its type', { email: secret }, /thrown: object/],
  ]
  for (const [what, error, told] of cases)
    test(what, () => {
      const said = withoutInput(error)
      const line = JSON.stringify(new LogLines().formatError(error instanceof Error ? error : said))
      for (const text of [inspect(said, { depth: 9 }), line]) assert.ok(!text.includes('ada@'), text)
      assert.match(inspect(said, { depth: 9 }), told)
    })

  test('keeps its class, its code and where it was thrown', () => {
    const said = withoutInput(Object.assign(new AggregateError([], 'many'), { code: 'ECONNRESET' }))
    assert.ok(said instanceof AggregateError)
    assert.deepEqual([said.name, said.message, 'code' in said && said.code], ['AggregateError', 'many', 'ECONNRESET'])
    assert.match(said.stack ?? '', /^AggregateError: many\n\s+at .*log-lines\.test/)
  })

  test('whose causes go round in a ring is told all the same', () => {
    const ring: Error & { cause?: unknown } = new Error('ring')
    ring.cause = ring
    assert.match(inspect(withoutInput(ring)), /ring/)
  })
})

describe('the fields of log lines', () => {
  test('are of the message at hand, also where several are worked off side by side', async () => {
    const ids = ['a', 'b', 'c'].map((digit) => ({ digit, orderId: someId('ord') }))
    const seen: Record<string, string>[] = []
    const handle = handleRecords(async ({ body }) => {
      const { digit, orderId } = JSON.parse(body)
      joinTrace(`00-${digit.repeat(32)}-1111111111111111-01`)
      correlate({ orderId })
      await new Promise((resolve) => setImmediate(resolve))
      seen.push(logFields())
    })
    const Records = ids.map((each) => ({ messageId: each.digit, body: JSON.stringify(each) }))
    await handle({ Records: Records as Parameters<typeof handle>[0]['Records'] })
    assert.deepEqual(
      seen.map(({ trace_id, order_id }) => [trace_id, order_id]),
      ids.map(({ digit, orderId }) => [digit.repeat(32), orderId]),
    )
  })

  test('name an order or a cart only where it is the shop’s own id', async () => {
    const cartId = someId('crt')
    const fields = await withTrace(continueTrace(undefined), async () => {
      correlate({ orderId: 'ada@example.com' }, { cartId, orderId: cartId }, undefined, 'text')
      return logFields()
    })
    assert.deepEqual({ order_id: fields.order_id, cart_id: fields.cart_id }, { order_id: undefined, cart_id: cartId })
  })

  test('are none outside of any work', () => assert.deepEqual(logFields(), {}))
})

describe('what is logged', () => {
  test('goes by the level of the stage, which a sample may lower, not by what Lambda lets through', async () => {
    Object.assign(process.env, { AWS_LAMBDA_LOG_LEVEL: 'DEBUG', POWERTOOLS_LOG_LEVEL: 'WARN' })
    const path = import.meta.resolve('../../shared/runtime/observability.ts')
    const { logger: started } = await import(`${path}?started-by-lambda`)
    assert.equal(started.getLevelName(), 'WARN')
    started.setLogLevel('DEBUG')
    assert.equal(started.getLevelName(), 'DEBUG')
  })

  test('of a batch of events is one line for each trace and order', () => {
    const said: object[] = []
    const info = mock.method(logger, 'info', (_: string, fields: object) => said.push(fields))
    const [orderId, other] = [someId('ord'), someId('ord')]
    const one = (type: string, id: string, aggregateId: string, fields: Record<string, string>) => ({
      event: { type, id, aggregateId },
      fields: { trace_id: 'a', span_id: id, ...fields },
    })
    logEvents('consumed')([
      one('order.placed', 'evt_1', orderId, { order_id: orderId }),
      one('order.placed', 'evt_2', other, { order_id: other }),
      one('stock.reserved', 'evt_3', 'SKU-1', { order_id: orderId }),
    ])
    info.mock.restore()
    assert.deepEqual(said, [
      {
        trace_id: 'a',
        span_id: 'evt_1',
        order_id: orderId,
        events: ['order.placed evt_1', 'stock.reserved evt_3 SKU-1'],
      },
      { trace_id: 'a', span_id: 'evt_2', order_id: other, events: ['order.placed evt_2'] },
    ])
  })
})
