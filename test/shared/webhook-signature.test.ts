import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { describe, test } from 'node:test'
import { isSignedWebhook, signWebhook, toleranceSeconds } from '../../shared/runtime/webhook-signature.ts'
import { fc } from '../support/property.ts'

const nowMs = 1_800_000_000_000
const [newer, older] = ['newer-secret', 'older-secret']
const body = '{"id":"1"}'
const right = signWebhook(newer, 'evt-1', body, nowMs)
const given = String(right['webhook-signature'])

describe('the signature of a webhook', () => {
  test('is the one that Standard Webhooks describes', () => {
    const expected = createHmac('sha256', newer).update(`evt-1.1800000000.${body}`).digest('base64')
    assert.deepEqual(right, {
      'webhook-id': 'evt-1',
      'webhook-timestamp': '1800000000',
      'webhook-signature': `v1,${expected}`,
    })
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
      const signature = createHmac('sha256', newer).update(`evt-1.${timestamp}.${body}`).digest('base64')
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
        texts,
        texts,
        fc.string(),
        fc.integer({ min: 1, max: 299 }),
        texts,
        (secret, id, text, later, more) => {
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
