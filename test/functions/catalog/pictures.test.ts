/** The pictures that the shop draws for products that have none. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { sampleProducts } from '../../../cdk/operate/samples/catalogue.ts'
import { slugOf } from '../../../cdk/operate/samples/product.ts'
import { renderPicture } from '../../../functions/catalog/pictures/domain.ts'
import { fc } from '../../support/property.ts'

describe('pictures', () => {
  const sampleNames = sampleProducts.map(({ title }) => slugOf(title))
  const names = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 100 }), fc.constantFrom(...sampleNames))

  test('hold nothing of the name that could be markup, and only numbers that are', () => {
    fc.assert(
      fc.property(names, (name) => {
        const picture = renderPicture(name)
        return !/NaN|undefined|Infinity|<script/.test(picture) && picture.length < 4_000
      }),
    )
    assert.doesNotMatch(renderPicture('zebra-onload'), /zebra|onload/)
  })

  test('close every tag that they open, draw with shapes only, and are the same for the same name', () => {
    fc.assert(
      fc.property(names, (name) => {
        const picture = renderPicture(name)
        const open: string[] = []
        for (const [, closing, tag, attributes] of picture.matchAll(/<(\/?)(\w+)([^>]*)>/g)) {
          assert.match(tag ?? '', /^(svg|g|rect|circle|ellipse|path|clipPath)$/)
          if (closing) assert.equal(open.pop(), tag)
          else if (!attributes?.endsWith('/')) open.push(tag ?? '')
        }
        assert.deepEqual(open, [])
        assert.doesNotMatch(picture, /href|style=|on\w+=/)
        assert.equal(renderPicture(name), picture)
      }),
    )
  })

  test('show what their name says', () => {
    const labels = {
      'willow-basket': 'drawing: basket',
      'watering-can': 'drawing: watering can',
      'desk-lamp': 'drawing: lamp',
      'hot-water-bottle': 'drawing: hot water bottle',
      'cedar-pencils-box-of-twelve': 'drawing: pencils',
      'paper-scissors': 'drawing: scissors',
      basketball: 'placeholder picture',
      'thing-7': 'placeholder picture',
    }
    for (const [name, label] of Object.entries(labels)) {
      assert.equal(/aria-label="([^"]*)"/.exec(renderPicture(name))?.[1], label, name)
    }
  })

  test('of the sample products are none by chance, and no two alike', () => {
    for (const name of sampleNames) assert.match(renderPicture(name), /aria-label="drawing: /, name)
    assert.equal(new Set(sampleNames.map(renderPicture)).size, sampleProducts.length)
  })

  test('of a hundred names are nearly a hundred', () => {
    const pictures = new Set(Array.from({ length: 100 }, (_, index) => renderPicture(`thing-${index}`)))
    assert.ok(pictures.size >= 99)
  })
})
