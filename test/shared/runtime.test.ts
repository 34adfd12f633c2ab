import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as z from 'zod/mini'
import { kebab, procedure } from '../../shared/contract/endpoint.ts'
import { Email, Money, Quantity, Sku, Text } from '../../shared/contract/schema.ts'
import { idMaker } from '../../shared/domain/ids.ts'
import { addMoney, formatMoney, minorUnitDigits, money, sumMoney, timesMoney } from '../../shared/domain/money.ts'
import { call, callLimits, provide } from '../../shared/runtime/call.ts'
import { CalledFunctionError, ContentionError, isOutage, UnavailableError } from '../../shared/runtime/errors.ts'
import {
  canonicalJson,
  idempotencyKeyOf,
  idempotencyRecord,
  isIdempotencyKey,
} from '../../shared/runtime/idempotency.ts'
import type { Invoke } from '../../shared/runtime/invoke.ts'
import { logger } from '../../shared/runtime/observability.ts'
import { RefusedInput } from '../../shared/runtime/refused-input.ts'
import { retryOnConflict } from '../../shared/runtime/retry-on-conflict.ts'
import { handleRecords } from '../../shared/runtime/task.ts'
import { continueTrace, currentTrace, traceparentOf, withTrace, xrayHeaderOf } from '../../shared/runtime/trace.ts'
import { isSignedWebhook, signWebhook } from '../../shared/runtime/webhook-signature.ts'
import { fc } from '../support/property.ts'

process.env.SHOP_PREFIX = 'shop-test'
logger.setLogLevel('SILENT')
const echo = procedure({
  service: 'test',
  name: 'echo',
  summary: 'x',
  input: z.object({ n: z.int() }),
  output: z.object({ n: z.int() }),
})

describe('calls between services', () => {
  test('mistake 4: a service that hangs is given up at the deadline', async () => {
    const began = performance.now()
    const hang: Invoke = (_name, _payload, signal) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('given up'))))
    await assert.rejects(call(echo, hang)({ n: 1 }), UnavailableError)
    assert.ok(performance.now() - began < callLimits.deadlineMs * 3)
  })

  test('a failure is tried again, at most twice', async () => {
    let tries = 0
    const flaky: Invoke = async () => {
      tries += 1
      if (tries < 3) throw new Error('away')
      return { n: 2 }
    }
    assert.deepEqual(await call(echo, flaky)({ n: 1 }), { n: 2 })
    const down: Invoke = async () => {
      tries += 1
      throw new Error('away')
    }
    tries = 0
    await assert.rejects(call(echo, down)({ n: 1 }), UnavailableError)
    assert.equal(tries, 3)
  })

  test('what one request brings about does not open the breaker for others, and is not tried again', async () => {
    for (const errorType of ['ValidationException', 'TypeError', 'Error', 'unknown', 'Function.ResponseSizeTooLarge']) {
      let tries = 0
      const ask = call(echo, async (_name, payload) => {
        tries += 1
        if (JSON.parse(payload).input.n === 1) return { n: 2 }
        throw new CalledFunctionError('shop-test-test-echo', errorType)
      })
      for (let requests = 1; requests <= 10; requests += 1) await assert.rejects(ask({ n: 13 }), UnavailableError)
      assert.equal(tries, 10, errorType)
      assert.deepEqual(await ask({ n: 1 }), { n: 2 }, errorType)
    }
  })

  test('an outage behind the called function opens it, as one of the function itself does', async () => {
    for (const errorType of ['UnavailableError', 'Sandbox.Timedout', 'Runtime.ExitError']) {
      let tries = 0
      const ask = call(echo, async () => {
        tries += 1
        throw new CalledFunctionError('shop-test-test-echo', errorType)
      })
      for (let requests = 1; requests <= 5; requests += 1) await assert.rejects(ask({ n: 1 }), UnavailableError)
      assert.equal(tries, callLimits.failuresToOpen, errorType)
    }
  })

  test('what the called function does not take is bad input, not an outage', async () => {
    const ask = call(echo, async () => {
      throw new CalledFunctionError('shop-test-test-echo', 'RefusedInput')
    })
    await assert.rejects(ask({ n: 1 }), (error) => error instanceof RefusedInput && error.code === 'INVALID_INPUT')
  })

  test('a procedure names what it throws: refused input, an outage, or its own mistake', async () => {
    const outcomes: (() => Promise<{ n: number }>)[] = [
      async () => ({ n: 1 }),
      () => Promise.reject(Object.assign(new Error('no connection'), { code: 'ECONNREFUSED' })),
      () => Promise.reject(new TypeError('ours')),
    ]
    const context = { functionName: 'echo', getRemainingTimeInMillis: () => 1_000 }
    const run = (outcome: () => Promise<{ n: number }>, input: unknown): Promise<unknown> =>
      Reflect.apply(provide(echo, {}, outcome), undefined, [{ input }, context])
    const [well, away, broken] = outcomes.map((outcome) => run(outcome, { n: 1 }))
    assert.deepEqual(await well, { n: 1 })
    await assert.rejects(away ?? Promise.resolve(), { name: 'UnavailableError' })
    await assert.rejects(broken ?? Promise.resolve(), { name: 'TypeError' })
    await assert.rejects(
      run(async () => ({ n: 1 }), { n: 'one' }),
      { name: 'RefusedInput' },
    )
  })

  test('after five failures in a row the breaker is open: nothing is called at all', async () => {
    let tries = 0
    const ask = call(echo, async () => {
      tries += 1
      throw new Error('away')
    })
    for (const _ of [1, 2, 3]) await assert.rejects(ask({ n: 1 }), UnavailableError)
    assert.equal(tries, callLimits.failuresToOpen)
  })

  test('carries the trace, and checks what comes back', async () => {
    const trace = continueTrace(undefined)
    let sent = ''
    const ask = call(echo, async (_name, payload) => {
      sent = payload
      return { n: 'two' }
    })
    await assert.rejects(withTrace(trace, () => ask({ n: 1 })))
    assert.ok(sent.includes(trace.traceId))
  })
})

describe('outages', () => {
  test('are told from faults of ours: asking again later is sensible, or it is not', () => {
    const named = (name: string) => Object.assign(new Error('x'), { name })
    const coded = (code: string) => Object.assign(new Error('x'), { code })
    for (const outage of [
      new UnavailableError('x'),
      named('TimeoutError'),
      named('ThrottlingException'),
      named('InternalServerError'),
      coded('ECONNREFUSED'),
      coded('ECONNRESET'),
    ])
      assert.ok(isOutage(outage), outage.name)
    for (const fault of [
      new TypeError('x'),
      named('AccessDeniedException'),
      named('ValidationException'),
      coded('ENOENT'),
      'x',
    ])
      assert.ok(!isOutage(fault), String(fault))
  })
})

describe('messages', () => {
  test('mistake 7: are acknowledged when they are done, each for itself', async () => {
    const done: string[] = []
    const records = ['a', 'bad', 'b'].map((messageId) => ({ messageId, body: messageId }))
    const handle = handleRecords(async ({ body }) => {
      await new Promise((resolve) => setTimeout(resolve, 5))
      if (body === 'bad') throw new Error('no')
      done.push(body)
    })
    const answer = await handle({ Records: records as Parameters<typeof handle>[0]['Records'] })
    assert.deepEqual(done, ['a', 'b'])
    assert.deepEqual(answer, { batchItemFailures: [{ itemIdentifier: 'bad' }] })
  })
})

describe('idempotency keys', () => {
  test('equal bodies are equal whatever the order of their fields', () => {
    assert.equal(
      canonicalJson({ b: [1, { d: null, c: 'x' }], a: true }),
      canonicalJson({ a: true, b: [1, { c: 'x', d: null }] }),
    )
    fc.assert(fc.property(fc.jsonValue(), (value) => JSON.stringify(JSON.parse(canonicalJson(value))) !== undefined))
  })

  test('are remembered for 48 hours', () => {
    const record = idempotencyRecord({ id: 'id', bodyHash: 'hash' }, 'ord_1', Date.UTC(2026, 0, 3, 8))
    // 2026-01-05, 08:00 UTC, in seconds since the epoch.
    assert.equal(record.expiresAt, 1_767_600_000)
  })

  test('belong to a caller, a method and an object', () => {
    const ids = [
      idempotencyKeyOf('a', 'POST', '/x', 'k', {}),
      idempotencyKeyOf('b', 'POST', '/x', 'k', {}),
      idempotencyKeyOf('a', 'PUT', '/x', 'k', {}),
      idempotencyKeyOf('a', 'POST', '/y', 'k', {}),
      idempotencyKeyOf('a', 'POST', '/x', 'l', {}),
    ].map(({ id }) => id)
    assert.equal(new Set(ids).size, 5)
    assert.deepEqual(['k', 'x'.repeat(255), '', 'x'.repeat(256), 'a b', 'ü'].map(isIdempotencyKey), [
      true,
      true,
      false,
      false,
      false,
      false,
    ])
  })
})

describe('traces', () => {
  const given = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

  test('go on with the caller’s, or begin where it sent none or nonsense', () => {
    const trace = continueTrace(given)
    assert.equal(trace.traceId, '0af7651916cd43dd8448eb211c80319c')
    assert.notEqual(trace.spanId, 'b7ad6b7169203331')
    assert.match(traceparentOf(trace), /^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/)
    for (const bad of [
      undefined,
      '',
      'x',
      given.toUpperCase(),
      `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
      `${given}-more`,
    ])
      assert.notEqual(continueTrace(bad).traceId, trace.traceId)
  })

  test('stand in X-Ray’s form where the bus and queues hand them on', () => {
    const header = 'Root=1-0af76519-16cd43dd8448eb211c80319c;Parent=b7ad6b7169203331;Sampled='
    assert.equal(xrayHeaderOf(given), `${header}1`)
    assert.equal(xrayHeaderOf(given.replace(/01$/, '00')), `${header}0`)
    assert.equal(xrayHeaderOf('nonsense'), undefined)
  })

  test('belong to the work at hand, also when much goes on at once', async () => {
    const seen = await Promise.all(
      [1, 2, 3].map(() => {
        const trace = continueTrace(undefined)
        return withTrace(trace, async () => {
          await new Promise((resolve) => setImmediate(resolve))
          return currentTrace().traceId === trace.traceId
        })
      }),
    )
    assert.deepEqual(seen, [true, true, true])
  })
})

describe('optimistic writes', () => {
  test('are tried five times, then given up honestly', async () => {
    let tries = 0
    assert.equal(
      await retryOnConflict(async () => {
        tries += 1
        return tries === 5 ? 'done' : undefined
      }),
      'done',
    )
    await assert.rejects(
      retryOnConflict(async () => undefined),
      ContentionError,
    )
  })
})

describe('webhook signatures', () => {
  test('are right for this body, this time and these secrets only', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 24, maxLength: 63 }),
        fc.string(),
        fc.integer({ min: -400, max: 400 }),
        (key, body, offsetSeconds) => {
          const secret = `whsec_${Buffer.from(key).toString('base64')}`
          const other = `whsec_${Buffer.from([...key, 1]).toString('base64')}`
          const now = 1_800_000_000_000
          const headers = signWebhook(secret, 'id', body, now + offsetSeconds * 1000)
          const right = Math.abs(offsetSeconds) <= 300
          assert.equal(isSignedWebhook([other, secret], headers, body, now), right)
          assert.equal(isSignedWebhook([other], headers, body, now), false)
          assert.equal(isSignedWebhook([secret], headers, `${body}.`, now), false)
        },
      ),
    )
  })
})

describe('money', () => {
  test('adds up in minor units, never across currencies', () => {
    assert.deepEqual(sumMoney([money(1, 'EUR'), timesMoney(money(333, 'EUR'), 3)], 'EUR'), money(1000, 'EUR'))
    assert.throws(() => addMoney(money(1, 'EUR'), money(1, 'USD')), TypeError)
  })

  test('knows the exponents of ISO 4217', () => {
    assert.deepEqual(['EUR', 'JPY', 'JOD'].map(minorUnitDigits), [2, 0, 3])
    assert.deepEqual(
      [
        formatMoney(money(1999, 'EUR')),
        formatMoney(money(1999, 'JPY')),
        formatMoney(money(1999, 'JOD')).replace(/\s/, ' '),
      ],
      ['€19.99', '¥1,999', 'JOD 1.999'],
    )
  })
})

describe('fields', () => {
  const accepts = (schema: z.ZodMiniType, value: unknown) => schema.safeParse(value).success

  test('take what people write and refuse what nobody means', () => {
    assert.equal(Text(5).parse('  a\u0301  '), 'á')
    assert.deepEqual(
      ['', ' ', 'x'.repeat(6), 'a\u0000', 'x'.repeat(1_000_000)].map((text) => accepts(Text(5), text)),
      [false, false, false, false, false],
    )
    assert.equal(Email.parse(' Ada@Example.COM '), 'ada@example.com')
    assert.deepEqual(
      ['a@b', 'a@b.c\nBcc: x@y.z', 'x'],
      ['a@b', 'a@b.c\nBcc: x@y.z', 'x'].filter((text) => !accepts(Email, text)),
    )
    assert.deepEqual(
      ['A-1', '22386', '-x', 'a b', '../x', 'x'.repeat(65)].map((sku) => accepts(Sku, sku)),
      [true, true, false, false, false, false],
    )
    assert.deepEqual(
      [1, 999, 0, 1000, 1.5, '1'].map((quantity) => accepts(Quantity, quantity)),
      [true, true, false, false, false, false],
    )
    assert.ok(!accepts(Money, { amount: 1.5, currency: 'EUR' }) && !accepts(Money, { amount: 1, currency: 'eur' }))
  })

  test('ids sort by time', () => {
    let time = 1_800_000_000_000
    const newId = idMaker(() => time)
    const first = newId('ord')
    time += 1
    assert.ok(first < newId('ord'))
    assert.match(first, /^ord_[0-9A-HJKMNP-TV-Z]{26}$/)
    assert.equal(kebab('placeOrder'), 'place-order')
  })
})
