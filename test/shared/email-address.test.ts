import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { rawMail } from '../../functions/notifications/mail/mail.ts'
import { Email } from '../../shared/contract/schema.ts'
import { fc } from '../support/property.ts'

const parsed = (typed: string): string | undefined => {
  const result = Email.safeParse(typed)
  return result.success ? result.data : undefined
}

describe('an e-mail address', () => {
  test('is kept in lower case, its domain in ASCII', () => {
    for (const [typed, kept] of [
      [' Ada@Example.COM ', 'ada@example.com'],
      // RFC 5891 with UTS 46: the A-labels that the registries list for these names.
      ['x@münchen.de', 'x@xn--mnchen-3ya.de'],
      ['x@MÜNCHEN.DE', 'x@xn--mnchen-3ya.de'],
      ['x@mu\u0308nchen.de', 'x@xn--mnchen-3ya.de'],
      ['x@xn--mnchen-3ya.de', 'x@xn--mnchen-3ya.de'],
      ['x@faß.de', 'x@xn--fa-hia.de'],
      ['info@почта.рф', 'info@xn--80a1acny.xn--p1ai'],
      ['info@example.xn--p1ai', 'info@example.xn--p1ai'],
      ['x@例え。テスト', 'x@xn--r8jz45g.xn--zckzah'],
      ['r&d@example.com', 'r&d@example.com'],
      ["o'hara+shop@example.com", "o'hara+shop@example.com"],
      ["!#$%&'*+-/?=^_`{|}~@example.com", "!#$%&'*+-/?=^_`{|}~@example.com"],
      [`${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`],
      [`a@${'b'.repeat(63)}.de`, `a@${'b'.repeat(63)}.de`],
    ] as const)
      assert.equal(parsed(typed), kept, typed)
  })

  test('that mail cannot be sent to is refused', () => {
    for (const typed of [
      ...['', 'x', '@', 'a@', '@b.de', 'a@b', 'a@b.c', 'a@b.de.', 'a@.b.de', 'a@b..de', 'a@-b.de', 'a@b-.de'],
      ...['.a@b.de', 'a.@b.de', 'a..b@b.de', 'a b@c.de', 'a@b c.de', 'a@b@c.de', '"a b"@c.de', 'a@[192.0.2.1]'],
      ...['a@192.0.2.1', 'a@127.1', 'a@0x7f.1', 'a@b.123', 'a@ex%61mple.com', 'a@example.com:25', 'a@example.com/x'],
      ...[
        'a,b@c.de',
        'a@b.de,c@d.de',
        'a@b.de c@d.de',
        '<a@b.de>',
        'Ada <a@b.de>',
        'a(b)@c.de',
        'a;b@c.de',
        'a\\b@c.de',
      ],
      ...['a@b.de\r\nBcc: c@d.de', 'a\n@b.de', 'a\u0000@b.de', 'a@b.de\u2028c', 'a@b\u00ADc.de', 'a@b\u200Bc.de'],
      ...['jörg@example.com', 'почта@example.com', '用户@例え.テスト', '=?utf-8?q?a=40b?=@c.de'],
      ...[`${'a'.repeat(65)}@b.de`, `a@${'b'.repeat(64)}.de`, `a@${'bcd.'.repeat(70)}de`],
    ])
      assert.equal(parsed(typed), undefined, JSON.stringify(typed))
  })

  test('says why one in another script is refused', () => {
    const { error } = Email.safeParse('jörg@example.com')
    assert.match(error?.issues[0]?.message ?? '', /only the letters a to z, digits and signs before the @/)
  })

  test('is not made another by letters that become ASCII in lower case', () => {
    assert.equal(parsed('\u212Aate@example.com'), undefined)
    assert.equal(parsed('kate@example.com'), 'kate@example.com')
  })

  test('stays the same when it is read again, and is one line of a header, whatever was typed', () => {
    const words = fc.string({ unit: 'binary', maxLength: 12 })
    const likely = fc.string({ unit: fc.constantFrom(...'aK\u212Aß.-_&=?@"\r\n ,<>ü%0x\u00AD'), maxLength: 12 })
    const typed = fc.tuple(
      fc.oneof(words, likely),
      fc.oneof(words, likely),
      fc.constantFrom('de', 'рф', '1', 'xn--p1ai'),
    )
    fc.assert(
      fc.property(typed, ([local, name, top]) => {
        const kept = parsed(`${local}@${name}.${top}`)
        if (kept === undefined) return
        assert.equal(parsed(kept), kept)
        assert.match(kept, /^[\x21-\x7E]+$/)
        assert.equal(kept, kept.toLowerCase())
        const envelope = { from: { name: 'S', address: 's@e.de' }, to: kept, id: '1', dateMs: 0, traceId: '1' }
        const [head = ''] = rawMail(envelope, { subject: 's', text: 't', html: 'h' }).split('\r\n\r\n')
        assert.deepEqual(
          head.split('\r\n').filter((line) => line.startsWith('To: ')),
          [`To: ${kept}`],
        )
      }),
      { numRuns: 500 },
    )
  })
})
