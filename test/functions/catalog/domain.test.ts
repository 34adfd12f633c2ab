import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { categoryTitleOf, slugOf } from '../../../functions/catalog/domain.ts'
import { drawPicture } from '../../../functions/catalog/picture.ts'

describe('slugs', () => {
  test('are what people would write', () => {
    assert.equal(slugOf('  Café "Élan" — No. 5 '), 'cafe-elan-no-5')
    assert.equal(slugOf('Größe'), 'grosse')
    assert.equal(slugOf('日本'), '')
    assert.equal(categoryTitleOf('home-and-kitchen'), 'Home and kitchen')
  })

  test('are slugs whatever the title', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 300 }),
        (title) => /^(|[a-z0-9]+(-[a-z0-9]+)*)$/.test(slugOf(title)) && slugOf(title).length <= 80,
      ),
    )
  })
})

describe('pictures', () => {
  test('hold nothing of the name that could be markup, and only numbers that are', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (name) => {
        const picture = drawPicture(name)
        return !/NaN|undefined|Infinity|<script/.test(picture) && picture.length < 4_000
      }),
    )
  })
})
