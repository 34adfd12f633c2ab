/** How long instances of functions stay, and how many of them. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { manualClock } from '../../../cdk/local/clock.ts'
import { createLambda, type LambdaFunction } from '../../../cdk/local/lambda/lambda.ts'
import type { InstanceLimits } from '../../../cdk/local/lambda/warm.ts'
import { eventually, temporaryFolder } from '../fixtures/setting.ts'

const folder = temporaryFolder()
after(folder.remove)

const source = `let calls = 0
export const handler = async (event) => {
  await new Promise((resolve) => setTimeout(resolve, event.ms ?? 0))
  return ++calls
}`

const named = (name: string): LambdaFunction => ({
  name,
  arn: `arn:aws:lambda:eu-central-1:000000000000:function:${name}`,
  role: 'role',
  handlerUrl: `data:text/javascript,${encodeURIComponent(source)}`,
  exportName: 'handler',
  timeoutMs: 10_000,
  memoryMb: 128,
  environment: {},
  logGroup: name,
  logFile: join(folder.path, `${name}.log`),
})

const start = (names: readonly string[], limits: Partial<InstanceLimits> = {}) => {
  const clock = manualClock(0)
  return { clock, lambda: createLambda(names.map(named), clock, () => undefined, limits) }
}

/** What the instance answers: how many calls it has had. */
const call = async (lambda: ReturnType<typeof createLambda>, name: string, ms = 0): Promise<unknown> => {
  const answer = await lambda.invoke(name, JSON.stringify({ ms }))
  assert.equal(answer.kind, 'answered')
  return answer.kind === 'answered' && JSON.parse(answer.payload)
}

describe('an instance', () => {
  test('is made at the first call, serves the next, and ends when nobody has needed it for 20 seconds', async () => {
    const { clock, lambda } = start(['one', 'other'])
    assert.equal(lambda.instances(), 0)
    assert.equal(await call(lambda, 'one'), 1)
    assert.equal(await call(lambda, 'one'), 2)
    assert.equal(lambda.instances(), 1)
    clock.advance(19_999)
    assert.equal(await call(lambda, 'one'), 3)
    clock.advance(19_999)
    assert.equal(await call(lambda, 'one'), 4)
    clock.advance(20_000)
    await eventually(() => lambda.instances() === 0)
    assert.equal(await call(lambda, 'one'), 1)
    await lambda.stop()
  })

  test('does not end while it works, however long', async () => {
    const { clock, lambda } = start(['slow'])
    await call(lambda, 'slow')
    const working = call(lambda, 'slow', 300)
    clock.advance(600_000)
    assert.equal(await working, 2)
    assert.equal(lambda.instances(), 1)
    await lambda.stop()
    assert.equal(lambda.instances(), 0)
  })
})

describe('the instances of all functions', () => {
  test('are at most 28 when none is at work; those that have waited longest end', async () => {
    const names = Array.from({ length: 34 }, (_, index) => `f${index}`)
    const { clock, lambda } = start(names)
    for (const name of names) {
      await call(lambda, name)
      clock.advance(1)
    }
    await eventually(() => lambda.instances() <= 28)
    assert.equal(lambda.instances(), 28)
    assert.equal(await call(lambda, 'f33'), 2)
    assert.equal(await call(lambda, 'f0'), 1)
    await lambda.stop()
  })
})

describe('other limits than the usual ones', () => {
  test('an instance that may stand idle for ever is there after a day', async () => {
    const { clock, lambda } = start(['one'], { idleMs: Number.POSITIVE_INFINITY })
    assert.equal(await call(lambda, 'one'), 1)
    clock.advance(86_400_000)
    assert.equal(await call(lambda, 'one'), 2)
    await lambda.stop()
  })

  test('so many instances of one function work at once; further calls wait for one of them', async () => {
    const { lambda } = start(['one'], { perFunction: 2, waitMs: 0 })
    const calls = await Promise.all(Array.from({ length: 6 }, () => call(lambda, 'one', 50)))
    assert.equal(lambda.instances(), 2)
    assert.equal(calls.length, 6)
    await lambda.stop()
  })

  test('calls beyond what all functions together may run at once are turned away, and told which limit they met', async () => {
    const { lambda } = start(['one', 'other'], { concurrency: 2 })
    const running = [call(lambda, 'one', 300), call(lambda, 'other', 300)]
    const answer = await lambda.invoke('one', '{}')
    assert.deepEqual(
      { kind: answer.kind, reason: answer.kind === 'throttled' && answer.reason },
      { kind: 'throttled', reason: 'ConcurrentInvocationLimitExceeded' },
    )
    await Promise.all(running)
    assert.equal(await call(lambda, 'one'), 2)
    await lambda.stop()
  })

  test('a call that may wait for an instance gets the one that comes free', async () => {
    const { lambda } = start(['one'], { waitMs: 60_000 })
    assert.equal(await call(lambda, 'one'), 1)
    assert.deepEqual(await Promise.all([call(lambda, 'one', 50), call(lambda, 'one', 50)]), [2, 3])
    assert.equal(lambda.instances(), 1)
    await lambda.stop()
  })
})
