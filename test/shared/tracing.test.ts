/** What X-Ray is told: segments as its daemon would receive them, caught by a listener in its place. */
import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { after, before, describe, test } from 'node:test'
import type { Context } from 'aws-lambda'
import * as z from 'zod/mini'
import { consumer, endpoint } from '../../shared/contract/endpoint.ts'
import { event } from '../../shared/contract/event.ts'
import { Id } from '../../shared/contract/schema.ts'
import { consume, onSchedule } from '../../shared/runtime/consume.ts'
import { logger } from '../../shared/runtime/observability.ts'
import { serve } from '../../shared/runtime/serve.ts'
import { type Json, someEvent, someId } from '../support/service.ts'

const daemon = createSocket('udp4')
const received: Json[] = []
logger.setLogLevel('SILENT')

before(async () => {
  daemon.on('message', (message) => {
    const [, segment = '{}'] = message.toString().split('\n')
    received.push(JSON.parse(segment))
  })
  daemon.bind(0, '127.0.0.1')
  await once(daemon, 'listening')
  // What Lambda sets, by which both the SDK and Powertools know that they run there. Read when a first sample is taken.
  Object.assign(process.env, {
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    LAMBDA_TASK_ROOT: import.meta.dirname,
    AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${daemon.address().port}`,
    _HANDLER: 'index.handler',
    POWERTOOLS_SERVICE_NAME: 'orders',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    POWERTOOLS_METRICS_DISABLED: 'true',
  })
})
after(() => daemon.close())

const traceId = '0af7651916cd43dd8448eb211c80319c'
const traceparent = `00-${traceId}-b7ad6b7169203331-01`
const root = '1-5f84c7a1-0123456789abcdef01234567'
const context = { functionName: 'f', awsRequestId: 'r', memoryLimitInMB: '512' } as Context

/** Runs a function as Lambda does for one invocation. @returns what the daemon was sent */
const segmentsOf = async (sampled: 0 | 1, work: () => Promise<unknown>): Promise<Json[]> => {
  process.env._X_AMZN_TRACE_ID = `Root=${root};Parent=53995c3f42cd8ad8;Sampled=${sampled}`
  received.length = 0
  await work()
  // The datagram is on its way by now; another one behind it says that it has arrived.
  const probe = createSocket('udp4')
  probe.send('probe\n{"probe":true}', daemon.address().port, '127.0.0.1')
  while (!received.some((segment) => segment.probe)) await once(daemon, 'message')
  probe.close()
  return received.filter((segment) => !segment.probe)
}

const read = endpoint({
  method: 'GET',
  path: '/orders/{orderId}',
  caller: 'anyone',
  summary: 'Read',
  params: z.strictObject({ orderId: Id('ord') }),
  success: { status: 204 },
})
const httpEvent = (orderId: string, headers: Record<string, string> = { traceparent }) => ({
  rawPath: `/orders/${orderId}`,
  pathParameters: { orderId },
  headers,
  requestContext: { http: { sourceIp: '192.0.2.1' } },
})

describe('segments', () => {
  test('of a request: Lambda’s trace and parent, annotated with the service, the order and the whole trace', async () => {
    const orderId = someId('ord')
    const handler = serve(read, {}, async () => ({ body: undefined }))
    const [segment, ...others] = await segmentsOf(1, () => handler(httpEvent(orderId) as Json, context))
    assert.deepEqual(others, [])
    assert.equal(segment.name, '## index.handler')
    assert.deepEqual(
      { trace_id: segment.trace_id, parent_id: segment.parent_id },
      { trace_id: root, parent_id: '53995c3f42cd8ad8' },
    )
    assert.deepEqual(segment.annotations, {
      ColdStart: true,
      Service: 'orders',
      trace_id: traceId,
      order_id: orderId,
    })
  })

  test('of a request that brings no trace along: the one of X-Ray is that of the logs, the answer and all that follows', async () => {
    const handler = serve(read, {}, async () => ({ body: undefined }))
    const own = root.slice(2).replace('-', '')
    for (const sampled of [0, 1] as const) {
      const said: string[] = []
      const segments = await segmentsOf(sampled, async () => {
        const answer = await handler(httpEvent(someId('ord'), {}) as Json, context)
        said.push(String(answer.headers?.traceparent))
      })
      assert.match(said.join(), new RegExp(`^00-${own}-[0-9a-f]{16}-0${sampled}$`))
      assert.deepEqual(
        segments.map(({ annotations }) => annotations.trace_id),
        sampled ? [own] : [],
      )
    }
  })

  test('of a request: whether it is recorded is said by X-Ray, whatever the client says', async () => {
    const handler = serve(read, {}, async () => ({ body: undefined }))
    await segmentsOf(0, async () => {
      const answer = await handler(httpEvent(someId('ord')) as Json, context)
      assert.match(String(answer.headers?.traceparent), new RegExp(`^00-${traceId}-[0-9a-f]{16}-00$`))
    })
  })

  test('of an event: the same, whatever trace Lambda begins for it', async () => {
    const placed = event({
      service: 'orders',
      type: 'order.placed',
      schemaVersion: 1,
      summary: 'Placed',
      data: z.object({}),
    })
    const orderId = someId('ord')
    const handler = consume(consumer({ summary: 'Hear', on: [placed] }), {}, async () => {})
    const detail = someEvent(placed, orderId, {}, { traceparent })
    const [segment] = await segmentsOf(1, () => handler({ 'detail-type': placed.type, detail }, context))
    assert.deepEqual(
      { trace_id: segment.annotations.trace_id, order_id: segment.annotations.order_id },
      { trace_id: traceId, order_id: orderId },
    )
  })

  test('are closed when the function fails, and hold nothing of the error’s', async () => {
    const handler = onSchedule({ summary: 'Fail', everyMinutes: 1 }, {}, async () => {
      throw Object.assign(new Error('no'), { Item: { email: 'ada@example.com' } })
    })
    const [segment] = await segmentsOf(1, () => assert.rejects(async () => handler({}, context), /no/))
    assert.ok(segment.end_time >= segment.start_time)
    assert.ok(!JSON.stringify(segment).includes('ada@'))
  })

  test('are none where X-Ray takes no sample', async () => {
    const handler = serve(read, {}, async () => ({ body: undefined }))
    assert.deepEqual(await segmentsOf(0, () => handler(httpEvent(someId('ord')) as Json, context)), [])
  })
})
