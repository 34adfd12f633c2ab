import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { describe, test } from 'node:test'
import { Webhook } from 'standardwebhooks'
import { isSignedWebhook, signWebhook, toleranceSeconds } from '../../shared/runtime/webhook-signature.ts'
import { fc } from '../support/property.ts'

const nowMs = 1_800_000_000_000
const secretOf = (letter: string): string => `whsec_${Buffer.alloc(32, letter).toString('base64')}`
const [newer, older] = [secretOf('n'), secretOf('o')]
const keyOf = (secret: string): Buffer => Buffer.from(secret.slice('whsec_'.length), 'base64')
const body = '{"id":"1"}'
const right = signWebhook(newer, 'evt-1', body, nowMs)
const given = String(right['webhook-signature'])

describe('the signature of a webhook', () => {
  /** The example of the specification and of its libraries. */
  const example = {
    secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    timestamp: '1614265330',
    body: '{"test": 2432232314}',
    signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  }

  test('is the one of the specification', () => {
    const headers = signWebhook(example.secret, example.id, example.body, 1_614_265_330_000)
    assert.deepEqual(headers, {
      'webhook-id': example.id,
      'webhook-timestamp': example.timestamp,
      'webhook-signature': example.signature,
    })
    assert.ok(isSignedWebhook([example.secret], headers, example.body, 1_614_265_330_000))
    assert.ok(isSignedWebhook([example.secret.slice(6)], headers, example.body, 1_614_265_330_000))
  })

  test('is the one that the public library makes and takes', () => {
    const at = new Date()
    const library = new Webhook(newer)
    const signature = library.sign('evt-1', at, body)
    const headers = {
      'webhook-id': 'evt-1',
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': signature,
    }
    assert.ok(isSignedWebhook([newer], headers, body, at.getTime()))
    assert.deepEqual(library.verify(body, signWebhook(newer, 'evt-1', body, at.getTime())), { id: '1' })
  })

  test('is not made with a secret of another form, which would be another key than the sender has', () => {
    for (const secret of [
      '',
      'whsec_',
      'a plain text of some length, as one might type',
      `whsec_${Buffer.alloc(23, 1).toString('base64')}`,
      `whsec_${Buffer.alloc(65, 1).toString('base64')}`,
      `whsec_${Buffer.alloc(32, 255).toString('base64url')}`,
      `${newer} `,
      newer.slice(0, -1),
    ]) {
      assert.throws(() => signWebhook(secret, 'evt-1', body, nowMs), /whsec_/, secret)
      assert.throws(() => isSignedWebhook([newer, secret], right, body, nowMs), /whsec_/, secret)
    }
  })

  test('may be one of several, made with any valid secret', () => {
    const header = `v1a,b3RoZXI= v1,c2hvcnQ= ${given}`
    assert.ok(isSignedWebhook([older, newer], { ...right, 'webhook-signature': header }, body, nowMs))
    assert.ok(!isSignedWebhook([older], right, body, nowMs))
    assert.ok(!isSignedWebhook([], right, body, nowMs))
  })

  test('counts only among the first ten, and only in version 1', () => {
    const others = Array.from({ length: 10 }, () => 'v1,c2hvcnQ=').join(' ')
    for (const header of [`${others} ${given}`, given.replace('v1,', 'v2,'), given.slice(3), 'v1,', ' '])
      assert.ok(!isSignedWebhook([newer], { ...right, 'webhook-signature': header }, body, nowMs), header)
  })

  test('is worth nothing without its headers, or with a time that is none', () => {
    for (const name of Object.keys(right))
      for (const value of [undefined, ''])
        assert.ok(!isSignedWebhook([newer], { ...right, [name]: value }, body, nowMs), name)
    // Signed as they stand, so that only their form speaks against them.
    for (const timestamp of ['-1', '1.8e9', ' 1800000000', '1800000000.0', 'NaN', '9'.repeat(13)]) {
      const signature = createHmac('sha256', keyOf(newer)).update(`evt-1.${timestamp}.${body}`).digest('base64')
      const headers = { 'webhook-id': 'evt-1', 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` }
      assert.ok(!isSignedWebhook([newer], headers, body, nowMs), timestamp)
    }
  })

  test('holds for five minutes before and after, to the second', () => {
    assert.equal(toleranceSeconds, 300)
    for (const [offsetMs, expected] of [
      [-300_000, true],
      [300_000, true],
      [-301_000, false],
      [301_000, false],
    ] as const)
      assert.equal(isSignedWebhook([newer], right, body, nowMs + offsetMs), expected, String(offsetMs))
  })

  test('breaks with any change of id, time or body', () => {
    const texts = fc.string({ minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 24, maxLength: 64 }),
        texts,
        fc.string(),
        fc.integer({ min: 1, max: 299 }),
        texts,
        (key, id, text, later, more) => {
          const secret = `whsec_${Buffer.from(key).toString('base64')}`
          const headers = signWebhook(secret, id, text, nowMs)
          const isRight = (changed: Record<string, string>, content = text) =>
            isSignedWebhook([secret], { ...headers, ...changed }, content, nowMs)
          assert.ok(isRight({}))
          assert.ok(!isRight({ 'webhook-id': id + more }))
          assert.ok(!isRight({ 'webhook-timestamp': String(nowMs / 1000 + later) }))
          assert.ok(!isRight({}, text + more))
        },
      ),
    )
  })
})
