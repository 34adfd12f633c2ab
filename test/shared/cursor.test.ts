import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { decodeCursor, encodeCursor } from '../../shared/runtime/cursor.ts'
import { RefusedInput } from '../../shared/runtime/refused-input.ts'
import { fc } from '../support/property.ts'

const refused = (error: unknown) => error instanceof RefusedInput && error.code === 'INVALID_CURSOR'
const text = fc.string({ unit: 'grapheme', maxLength: 40 })
/** Where a page ended: string attributes only, as all keys are. */
const keys = fc.dictionary(
  text.filter((name) => name !== '__proto__'),
  text,
  { maxKeys: 6, noNullPrototype: true },
)
const forged = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

describe('cursors', () => {
  test('come back as they were, and fit into an address as they are', () => {
    fc.assert(
      fc.property(text, keys, (scope, key) => {
        const cursor = encodeCursor(scope, key)
        assert.match(cursor, /^[A-Za-z0-9_-]+$/)
        assert.deepEqual(decodeCursor(scope, cursor), key)
      }),
    )
  })

  test('no cursor is the first page', () => assert.equal(decodeCursor('list', undefined, { pk: 'mine' }), undefined))

  test('of another route, filter or caller are refused', () => {
    fc.assert(
      fc.property(text, text, keys, (scope, other, key) => {
        fc.pre(scope !== other)
        assert.throws(() => decodeCursor(other, encodeCursor(scope, key)), refused)
      }),
    )
  })

  test('with what no key can be are refused: half a character, more than 1,024 bytes', () => {
    for (const sk of ['\ud800', 'a\udfffb', 'x'.repeat(1_025), '\u{1f600}'.repeat(257)])
      assert.throws(() => decodeCursor('list', encodeCursor('list', { sk })), refused)
    for (const sk of ['x'.repeat(1_024), '\u{1f600}'.repeat(256), '\u{10ffff}'])
      assert.deepEqual(decodeCursor('list', encodeCursor('list', { sk })), { sk })
  })

  test('say nothing of scope, which may name the caller', () => {
    const cursor = encodeCursor('orders of usr_1', { pk: 'a', sk: 'b' })
    assert.doesNotMatch(Buffer.from(cursor, 'base64url').toString('utf8'), /usr_1|orders/)
  })

  test('that point into another partition are refused, with the right scope too', () => {
    fc.assert(
      fc.property(text, text, (mine, theirs) => {
        fc.pre(mine !== theirs)
        const key = { pk: 'item', sk: 'x', gsi2pk: theirs, gsi2sk: 'y' }
        assert.throws(() => decodeCursor('list', encodeCursor('list', key), { gsi2pk: mine }), refused)
        assert.deepEqual(decodeCursor('list', encodeCursor('list', key), { gsi2pk: theirs }), key)
      }),
    )
    assert.throws(() => decodeCursor('list', encodeCursor('list', { pk: 'item' }), { gsi2pk: 'mine' }), refused)
  })

  test('with a key that is none, a hash that is none, or more than both are refused', () => {
    const whole: { s: string; k: unknown } = JSON.parse(
      Buffer.from(encodeCursor('list', { pk: 'a' }), 'base64url').toString('utf8'),
    )
    assert.deepEqual(decodeCursor('list', forged(whole)), { pk: 'a' })
    for (const bad of [
      { ...whole, k: { pk: 7 } },
      { ...whole, k: { pk: { S: 'a' } } },
      { ...whole, k: { pk: null } },
      { ...whole, k: ['a'] },
      { ...whole, s: whole.s.slice(1) },
      { ...whole, s: '' },
      { ...whole, more: true },
      { k: whole.k },
      { s: whole.s },
      null,
      [],
      'text',
    ])
      assert.throws(() => decodeCursor('list', forged(bad)), refused, JSON.stringify(bad))
  })

  test('no text breaks them', () => {
    fc.assert(
      fc.property(fc.oneof(text, fc.base64String()), (any) => assert.throws(() => decodeCursor('list', any), refused)),
    )
    fc.assert(fc.property(fc.jsonValue(), (value) => assert.throws(() => decodeCursor('list', forged(value)), refused)))
  })
})
