/**
 * What others do while profiles hang or fail: through the real call and the real function, in virtual time. One service
 * that shows people is enough; all of them ask in this way.
 */
import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, mock, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { opened } from '../../../functions/profiles/domain.ts'
import { handler as tellPublicProfiles } from '../../../functions/profiles/procedures/public-profiles.ts'
import { noProfiles, profileIn, publicProfiles, unknownProfile } from '../../../functions/published/profiles.ts'
import { call, callLimits, withFallback } from '../../../shared/runtime/call.ts'
import type { Invoke } from '../../../shared/runtime/invoke.ts'
import { logger, metrics } from '../../../shared/runtime/observability.ts'
import { someId } from '../../support/service.ts'

process.env.SHOP_PREFIX = 'shop-test'
mock.method(metrics, 'publishStoredMetrics', () => metrics.clearMetrics())
logger.setLogLevel('SILENT')

const ada = someId('usr')
const handler = tellPublicProfiles.coldStart({
  profiles: () => ({ list: async () => [opened(ada, 'Ada', 'EUR')] }),
  findUser: () => async () => ({}),
})
const context = { functionName: 'public-profiles', getRemainingTimeInMillis: () => 20_000 }

/** The profile function as Lambda would run it, in the state that a test puts it in. */
const lambda = () => {
  const fn: { state: 'well' | 'hanging' | 'failing'; calls: number } = { state: 'well', calls: 0 }
  const invoke: Invoke = async (_name, payload, signal) => {
    fn.calls += 1
    if (fn.state === 'failing') throw new Error('the function failed')
    if (fn.state === 'hanging')
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('given up'))))
    return Reflect.apply(handler, undefined, [JSON.parse(payload), context])
  }
  const ask = withFallback(call(publicProfiles, invoke), noProfiles)
  /** As a list of reviews shows its authors. */
  const author = async () => profileIn((await ask({ userIds: [ada] })).profiles)(ada)
  return { fn, author }
}

/** Lets virtual time pass until the promise is settled. @returns its value, and milliseconds that it took */
const passed = async <T>(promise: Promise<T>): Promise<{ value: T; ms: number }> => {
  const began = Date.now()
  let settled = false
  void promise.finally(() => {
    settled = true
  })
  for (;;) {
    for (let turns = 0; turns < 5; turns += 1) await turn()
    if (settled) return { value: await promise, ms: Date.now() - began }
    mock.timers.tick(10)
  }
}

const known = { userId: ada, nickname: 'Ada', avatarUrl: '/avatars/default.svg' }
const unknown = unknownProfile(ada)

describe('the circuit breaker before profiles', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout', 'Date'] }))
  afterEach(() => mock.timers.reset())

  test('a function that hangs is given up at the deadline; five times, and nobody waits for it any more', async () => {
    const { fn, author } = lambda()
    assert.deepEqual((await passed(author())).value, known)
    fn.state = 'hanging'
    for (let failure = 1; failure <= callLimits.failuresToOpen; failure += 1) {
      const { value, ms } = await passed(author())
      assert.deepEqual(
        { value, ms, calls: fn.calls },
        { value: unknown, ms: callLimits.deadlineMs, calls: 1 + failure },
      )
    }
    const open = await passed(author())
    assert.deepEqual(
      { value: open.value, ms: open.ms, calls: fn.calls },
      { value: unknown, ms: 0, calls: 1 + callLimits.failuresToOpen },
    )
  })

  test('a function that fails: open, then half-open for one call, open again, and closed when it has recovered', async () => {
    const { fn, author } = lambda()
    const authors = (count: number) => passed(Promise.all(Array.from({ length: count }, author)))
    fn.state = 'failing'
    // One after the other: of two at once, both may have made their third try before the fifth failure is counted.
    for (const _ of [1, 2]) assert.deepEqual((await authors(1)).value, [unknown])
    assert.equal(fn.calls, callLimits.failuresToOpen, 'open: the sixth try is not made')

    mock.timers.tick(callLimits.halfOpenAfterMs - 1_000)
    assert.deepEqual({ ms: (await authors(3)).ms, calls: fn.calls }, { ms: 0, calls: 5 }, 'still open')

    mock.timers.tick(1_000)
    const probed = await authors(3)
    assert.deepEqual(
      { value: probed.value, calls: fn.calls },
      { value: [unknown, unknown, unknown], calls: 6 },
      'half-open: one call, which fails',
    )
    assert.deepEqual(
      { value: (await authors(3)).value, calls: fn.calls },
      { value: [unknown, unknown, unknown], calls: 6 },
      'open again',
    )

    fn.state = 'well'
    assert.deepEqual(
      { value: (await authors(2)).value, calls: fn.calls },
      { value: [unknown, unknown], calls: 6 },
      'nobody has tried yet',
    )
    mock.timers.tick(callLimits.halfOpenAfterMs)
    const recovered = await authors(3)
    assert.deepEqual(
      { value: recovered.value, calls: fn.calls },
      { value: [known, known, known], calls: 9 },
      'half-open: it answers, so all are let through',
    )

    fn.state = 'failing'
    assert.deepEqual((await authors(1)).value, [unknown])
    assert.equal(fn.calls, 9 + 1 + callLimits.retries, 'closed: a failure is tried again')
  })

  test('half-open, a function that hangs holds up nobody beyond the deadline', async () => {
    const { fn, author } = lambda()
    fn.state = 'failing'
    for (const _ of [1, 2]) await passed(author())
    fn.state = 'hanging'
    mock.timers.tick(callLimits.halfOpenAfterMs)
    const { value, ms } = await passed(Promise.all([author(), author()]))
    assert.deepEqual({ value, ms, calls: fn.calls }, { value: [unknown, unknown], ms: callLimits.deadlineMs, calls: 6 })
  })

  test('one failure among answers is tried again, and nobody notices', async () => {
    const { fn, author } = lambda()
    fn.state = 'failing'
    const answer = author()
    await turn()
    fn.state = 'well'
    assert.deepEqual({ value: (await passed(answer)).value, calls: fn.calls }, { value: known, calls: 2 })
  })

  test('a fallback is for outages: a mistake of ours shows', async () => {
    const mistaken = withFallback(async () => {
      throw new TypeError('ours')
    }, noProfiles)
    await assert.rejects(mistaken({ userIds: [] }), TypeError)
  })
})
