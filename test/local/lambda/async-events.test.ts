/** Events that functions are invoked with asynchronously: how often, how late and how long they are tried. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { setImmediate as soon } from 'node:timers/promises'
import { manualClock } from '../../../cdk/local/clock.ts'
import { createAsyncEvents, type FailedEvent } from '../../../cdk/local/lambda/async-events.ts'
import type { Invocation, LambdaFunction } from '../../../cdk/local/lambda/lambda.ts'
import { openState } from '../../../cdk/local/state/state.ts'
import { temporaryFolder } from '../fixtures/setting.ts'

const folder = temporaryFolder()
after(folder.remove)

const passed: Invocation = { kind: 'answered', requestId: 'r', payload: 'null' }
const failed: Invocation = {
  kind: 'answered',
  requestId: 'r',
  payload: '{"errorType":"X"}',
  functionError: 'Unhandled',
}
const throttled: Invocation = { kind: 'throttled', requestId: 'r', reason: 'ConcurrentInvocationLimitExceeded' }

const hearer: LambdaFunction = {
  name: 'hearer',
  arn: 'arn:aws:lambda:eu-central-1:000000000000:function:hearer',
  role: 'role',
  handlerUrl: 'data:text/javascript,',
  exportName: 'handler',
  timeoutMs: 1_000,
  memoryMb: 128,
  environment: {},
  logGroup: 'hearer',
  logFile: join(folder.path, 'hearer.log'),
}

/** A function that answers as it is told, one answer after the other and the last for ever; it notes when it was run. */
const start = (answers: readonly [...Invocation[], Invocation], name: string = randomUUID()) => {
  const clock = manualClock(0)
  const state = openState(join(folder.path, name))
  const ranAtMs: number[] = []
  const givenUp: FailedEvent[] = []
  const events = createAsyncEvents(state, {
    clock,
    log: () => undefined,
    together: (action) => action(),
    lambda: {
      functions: new Map([[hearer.name, hearer]]),
      async invoke() {
        ranAtMs.push(clock.now())
        return answers[Math.min(ranAtMs.length, answers.length) - 1] ?? passed
      },
    },
  })
  const configure = (retries = 2, maxAgeMs = 21_600_000) =>
    events.configure(hearer.name, { retries, maxAgeMs, giveUp: (event) => givenUp.push(event) })
  configure()
  return {
    clock,
    events,
    configure,
    ranAtMs,
    givenUp,
    end() {
      events.stop()
      state.close()
    },
    /** Lets time pass in steps so small that none of what becomes due is late. */
    async pass(ms: number) {
      for (let left = ms; left > 0; left -= 500) {
        clock.advance(Math.min(500, left))
        await soon()
      }
    },
  }
}

const counts = { accepted: 1, passed: 0, givenUp: 0, waiting: 0 }

describe('an event', () => {
  test('whose function passes is gone', async () => {
    const shop = start([passed])
    shop.events.accept('hearer', '{}')
    assert.equal(shop.events.pending(), 1)
    await soon()
    assert.equal(shop.events.pending(), 0)
    await shop.pass(600_000)
    assert.deepEqual(shop.ranAtMs, [0])
    assert.deepEqual(shop.events.deliveries().get('hearer'), { ...counts, passed: 1 })
    shop.end()
  })

  test('is tried again a minute later, and two minutes after that; then it is given up', async () => {
    const shop = start([failed])
    shop.events.accept('hearer', '{"n":1}')
    await soon()
    await shop.pass(1_000_000)
    assert.deepEqual(shop.ranAtMs, [0, 60_000, 180_000])
    const record = { condition: 'RetriesExhausted', requestId: 'r', payload: '{"n":1}', answer: failed.payload }
    assert.deepEqual(
      shop.givenUp.map(({ condition, requestId, payload, answer }) => ({ condition, requestId, payload, answer })),
      [record],
    )
    assert.equal(shop.givenUp[0]?.attempts, 3)
    assert.deepEqual(shop.events.deliveries().get('hearer'), { ...counts, givenUp: 1 })
    shop.end()
  })

  test('is tried no more often than the template says', async () => {
    const shop = start([failed])
    shop.configure(0)
    shop.events.accept('hearer', '{}')
    await soon()
    await shop.pass(600_000)
    assert.deepEqual(shop.ranAtMs, [0])
    assert.equal(shop.givenUp[0]?.attempts, 1)
    shop.end()
  })

  test('that meets too many others waits longer each time, which counts as no attempt', async () => {
    const shop = start([throttled, throttled, throttled, failed, throttled, passed])
    shop.events.accept('hearer', '{}')
    await soon()
    await shop.pass(120_000)
    assert.deepEqual(shop.ranAtMs, [0, 1_000, 3_000, 7_000, 67_000, 68_000])
    assert.deepEqual(shop.givenUp, [])
    shop.end()
  })

  test('that is turned away for as long as it may wait is given up without having been run', async () => {
    const shop = start([throttled])
    shop.configure(2, 60_000)
    shop.events.accept('hearer', '{}')
    await soon()
    await shop.pass(70_000)
    assert.deepEqual(shop.ranAtMs, [0, 1_000, 3_000, 7_000, 15_000, 31_000])
    assert.deepEqual(
      shop.givenUp.map(({ condition, attempts, answer }) => ({ condition, attempts, answer })),
      [{ condition: 'EventAgeExceeded', attempts: 0, answer: undefined }],
    )
    shop.end()
  })

  test('survives the end of the process, with its attempts and when it is due', async () => {
    const name = randomUUID()
    const before = start([failed], name)
    before.events.accept('hearer', '{"kept":true}')
    await soon()
    assert.deepEqual(before.ranAtMs, [0])
    before.end()
    const later = start([failed], name)
    later.events.resume()
    assert.equal(later.events.pending(), 1)
    await later.pass(1_000_000)
    assert.deepEqual(later.ranAtMs, [60_000, 180_000])
    assert.deepEqual(
      later.givenUp.map(({ payload, attempts }) => ({ payload, attempts })),
      [{ payload: '{"kept":true}', attempts: 3 }],
    )
    later.end()
  })
})
