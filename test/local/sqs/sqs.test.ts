/** When those who wait for a queue's messages are woken. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, describe, mock, test } from 'node:test'
import { type Clock, manualClock, systemClock } from '../../../cdk/local/clock.ts'
import { createSqs } from '../../../cdk/local/sqs/sqs.ts'
import { openState } from '../../../cdk/local/state/state.ts'
import { readAssembly } from '../../../cdk/local/template/assembly.ts'
import { resolveTemplates } from '../../../cdk/local/template/template.ts'
import { temporaryFolder, writeAssembly } from '../fixtures/setting.ts'

const folder = temporaryFolder()
const closing: (() => void)[] = []
after(() => {
  for (const close of closing) close()
  folder.remove()
})

const place = {
  region: 'eu-central-1',
  account: '000000000000',
  apiId: () => 'api',
  apiUrl: () => 'http://127.0.0.1:1',
  awsEndpoint: 'http://127.0.0.1:1',
}

let count = 0
const queueBy = (clock: Clock) => {
  const own = join(folder.path, String(++count))
  const resources = { Q: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'later', VisibilityTimeout: 30 } } }
  const state = openState(join(own, 'state'))
  closing.push(state.close)
  const sqs = createSqs(resolveTemplates(readAssembly(writeAssembly(join(own, 'a'), resources)), place), state, clock)
  const queue = sqs.queues.get('later')
  assert.ok(queue)
  return { sqs, queue }
}

type Reading = ReturnType<typeof queueBy>

/** Takes what is there, for good. */
const takeAll = ({ sqs, queue }: Reading): string[] =>
  sqs.receive(queue, 10).map(({ body, receipt }) => {
    sqs.remove(queue, receipt)
    return body
  })

const microtasks = () => new Promise<void>((resolve) => setImmediate(resolve))

/** A clock whose timers fire early, as a machine's do now and then, and which goes on while others work. */
const hastyClock = (earlyMs: number) => {
  let nowMs = 1_000_000
  const timers: { atMs: number; action: () => void }[] = []
  return {
    now: () => nowMs,
    after(delayMs: number, action: () => void) {
      const timer = { atMs: nowMs + Math.max(0, delayMs - earlyMs), action }
      timers.push(timer)
      return { cancel: () => void timers.splice(timers.indexOf(timer), timers.includes(timer) ? 1 : 0) }
    },
    pass(byMs: number) {
      nowMs += byMs
    },
    /** Fires the timers until none is left, at most so many; a clock without any stands still for ever. */
    run(limit: number) {
      for (let fired = 0; fired < limit; fired++) {
        const next = timers.sort((a, b) => a.atMs - b.atMs).shift()
        if (next === undefined) return
        nowMs = Math.max(nowMs, next.atMs)
        next.action()
      }
    },
  }
}

describe('a delayed message', () => {
  test('wakes its reader at its moment, not before', async () => {
    const clock = manualClock(1_000_000)
    const { sqs, queue } = queueBy(clock)
    const received: string[] = []
    sqs.onVisible(queue, () => received.push(...takeAll({ sqs, queue })))
    sqs.send(queue, { body: 'slow', delayMs: 5_000, sender: 'test' })
    await microtasks()
    clock.advance(4_999)
    assert.deepEqual(received, [])
    clock.advance(1)
    assert.deepEqual(received, ['slow'])
  })

  test('wakes it also when the timer was early, and the moment came while the reader looked', async () => {
    const clock = hastyClock(1)
    const { sqs, queue } = queueBy(clock)
    const received: string[] = []
    sqs.onVisible(queue, () => {
      received.push(...takeAll({ sqs, queue }))
      // Looking takes a millisecond: the one that the timer was early by.
      clock.pass(1)
    })
    for (const delayMs of [10, 11, 500]) sqs.send(queue, { body: `after ${delayMs}`, delayMs, sender: 'test' })
    await microtasks()
    clock.run(50)
    assert.deepEqual(received, ['after 10', 'after 11', 'after 500'])
  })

  test('wakes one who begins to wait in the moment that it becomes visible', async () => {
    const clock = hastyClock(0)
    const { sqs, queue } = queueBy(clock)
    sqs.send(queue, { body: 'now', delayMs: 10, sender: 'test' })
    await microtasks()
    assert.deepEqual(sqs.receive(queue, 1), [])
    clock.pass(10)
    const received: string[] = []
    sqs.onVisible(queue, () => received.push(...takeAll({ sqs, queue })))
    clock.run(50)
    assert.deepEqual(received, ['now'])
  })

  test('that nobody has time for does not keep the timers busy', async () => {
    const clock = manualClock(1_000_000)
    const { sqs, queue } = queueBy(clock)
    let woken = 0
    sqs.onVisible(queue, () => {
      woken += 1
    })
    sqs.send(queue, { body: 'waits', delayMs: 10, sender: 'test' })
    await microtasks()
    clock.advance(60_000)
    assert.ok(woken <= 3, `woken ${woken} times`)
  })
})

describe('a message that was taken', () => {
  test('comes again when its visibility time-out ends in the moment that its reader looks', async () => {
    const clock = hastyClock(1)
    const { sqs, queue } = queueBy(clock)
    const receivedAtMs: number[] = []
    sqs.onVisible(queue, () => {
      for (const _ of sqs.receive(queue, 10)) receivedAtMs.push(clock.now() - 1_000_000)
      clock.pass(1)
    })
    sqs.send(queue, { body: 'again', sender: 'test' })
    await microtasks()
    clock.run(6)
    assert.equal(receivedAtMs[0], 0)
    assert.ok(receivedAtMs.length >= 2, 'it came once only')
    assert.ok((receivedAtMs[1] ?? 0) >= 30_000)
  })
})

describe('the machine’s clock', () => {
  test('calls nobody before the time has come by it, whenever its timers fire', () => {
    let nowMs = 5_000
    mock.method(Date, 'now', () => nowMs)
    const timers: (() => void)[] = []
    mock.method(globalThis, 'setTimeout', (action: () => void) => {
      timers.push(action)
      return { unref: () => undefined }
    })
    try {
      let called = 0
      systemClock.after(10, () => {
        called += 1
      })
      nowMs = 5_009
      timers.shift()?.()
      assert.equal(called, 0)
      nowMs = 5_010
      timers.shift()?.()
      assert.equal(called, 1)
    } finally {
      mock.restoreAll()
    }
  })
})
