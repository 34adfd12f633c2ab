/** A catalogue as large as wished, the same each time: products as shops have them, and their index written at once. */

import type { Product, Variant } from '../../functions/catalog/products/domain.ts'
import { cardOf, wordsOf } from '../../functions/catalog/search/domain.ts'
import {
  type EntryChange,
  entriesText,
  entryChanges,
  withChanges,
} from '../../functions/catalog/search/stored/entries.ts'
import { packedItem } from '../../functions/catalog/search/stored/packed.ts'
import { rowsText } from '../../functions/catalog/search/stored/rows.ts'
import { rowsPartition, segmentCount, segmentKey, segmentOf } from '../../functions/catalog/search/stored/segments.ts'
import { catalogue } from '../functions/catalog/fixtures/queries.ts'

/** Numbers from 0 to 1 that look like chance (mulberry32). */
const chances = (seed: number) => {
  let state = seed
  return (): number => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const syllables =
  'ba be bri ca cho da de dor el fa fi gar ha ka ki la le lin lo ma mi mo na ne nor pa pe pol ra re ri sa se sta ta te ti tor va ver wa we zu'
const sizes = ['XS', 'S', 'M', 'L', 'XL', 'XXL']
const colours = ['red', 'blue', 'green', 'black', 'white', 'grey', 'navy', 'copper']

/** Words as often as in texts: the second half as often as the first, and so on (Zipf's law, roughly). */
const wordsFrom = (chance: () => number, count: number): string[] => {
  const parts = syllables.split(' ')
  const some = () => parts[Math.floor(chance() * parts.length)] ?? ''
  return Array.from({ length: count }, () => Array.from({ length: 2 + Math.floor(chance() * 3) }, some).join(''))
}

export const bigCatalogue = (count: number): Product[] => {
  const chance = chances(7)
  const vocabulary = wordsFrom(chance, 6_000)
  const common = (from: readonly string[]): string => from[Math.floor(from.length ** chance()) - 1] ?? ''
  const any = <T>(from: readonly [T, ...T[]] | readonly T[]): T => {
    const one = from[Math.floor(chance() * from.length)]
    if (one === undefined) throw new RangeError('nothing to choose from')
    return one
  }
  const known = Object.values(catalogue)
  const categories = Array.from({ length: 40 }, (_, index) => `${vocabulary[index % 8]}--${vocabulary[100 + index]}`)
  const brands = vocabulary.slice(200, 320)
  const variantsOf = (sku: string): Variant[] => {
    const amount = 500 + Math.floor(chance() * 20_000)
    const variant = (options: Record<string, string>, index: number): Variant => ({
      sku: `${sku}-${index}`,
      options,
      price: { amount, currency: 'EUR' },
      weightGrams: 500,
    })
    if (chance() < 0.4) return [variant({}, 0)]
    const [ofSizes, ofColours] = [
      sizes.slice(0, 2 + Math.floor(chance() * 4)),
      colours.slice(0, 1 + Math.floor(chance() * 3)),
    ]
    return ofSizes.flatMap((size) => ofColours.map((colour) => ({ size, colour }))).map(variant)
  }
  return Array.from({ length: count }, (_, index): Product => {
    const createdMs = Date.UTC(2024, 0, 1) + Math.floor((index * 9e9) / count) * 7
    const time = Array.from({ length: 10 }, (__, place) => digits[Math.floor(createdMs / 32 ** (9 - place)) % 32]).join(
      '',
    )
    const id = `prd_${time}${Array.from({ length: 16 }, () => any([...digits])).join('')}`
    const [title, tags = '', text = ''] = any(known)
    const variants = variantsOf(`${any(brands).slice(0, 3).toUpperCase()}${1_000 + index}`)
    const stars = Math.floor(chance() * 60)
    return {
      id,
      slug: `p-${index}`,
      title: index < known.length ? title : `${title} ${any(brands)} ${common(vocabulary)}`,
      description: `${text} ${Array.from({ length: 20 + Math.floor(chance() * 40) }, () => common(vocabulary)).join(' ')}`,
      category: any(categories),
      tags: tags.split(';').filter((tag) => tag !== ''),
      images: [`https://pictures.example/${index}.jpg`],
      vendor: any(brands),
      variants,
      availability: Object.fromEntries(
        variants.map(({ sku }) => [
          sku,
          { available: chance() < 0.8 ? 5 : 0, sequence: 1 + Math.floor(chance() * 50) },
        ]),
      ),
      ...(stars > 20 ? { rating: { count: 10, sum: stars - 10, sequence: 3 } } : {}),
      createdAt: new Date(createdMs).toISOString(),
      state: 'active',
      version: 1,
      sequence: 1,
    }
  })
}

/** All that the index holds of these products, without their cards. */
export const indexOf = (products: readonly Product[]) =>
  Array.from({ length: segmentCount }, (_, segment) => {
    const own = products.filter(({ id }) => segmentOf(id) === segment)
    const nothing = { words: new Map(), slot: undefined }
    const partitions = Map.groupBy(
      own.flatMap((product, slot): EntryChange[] => entryChanges(nothing, { words: wordsOf(product), slot }, false)),
      ({ partition }) => partition,
    )
    return [
      packedItem(segmentKey(rowsPartition, segment), 1, rowsText(own.map(cardOf))),
      ...[...partitions].map(([partition, changes]) =>
        packedItem(segmentKey(partition, segment), 1, entriesText(withChanges(new Map(), changes))),
      ),
    ]
  }).flat()
