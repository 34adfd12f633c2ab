/** Character references: names and numbers of HTML, with the characters that its specification gives. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { withoutReferences } from '../../../functions/catalog/products/descriptions/references.ts'

describe('character references', () => {
  const cases: readonly [written: string, read: string][] = [
    ['&nbsp;', '\u00a0'],
    ['&yuml;', 'ÿ'],
    ['K&auml;se', 'Käse'],
    ['&Omega;&thetasym;', 'Ωϑ'],
    ['&hearts;', '♥'],
    ['&euro;&trade;&hellip;', '€™…'],
    ['&lt;&gt;&amp;&quot;&apos;', '<>&"\''],
    ['&#8211;&#x2013;&#X2013;', '–––'],
    ['&#150;', '–'],
    ['&#128512;', '😀'],
    ['&amp;lt;', '&lt;'],
  ]
  for (const [written, read] of cases) test(written, () => assert.equal(withoutReferences(written), read))

  test('that are none stay as they are', () => {
    for (const text of ['&', '&;', '&unknown;', '&constructor;', '&amp', '&#0;', '&#xD800;', '&#x110000;', 'R&D; x'])
      assert.equal(withoutReferences(text), text)
  })
})
