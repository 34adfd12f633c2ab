/** What stands in the search index, as lines that can be held against what should stand there. */
import type { Product } from '../../functions/catalog/products/domain.ts'
import { type Card, cardOf, wordsOf } from '../../functions/catalog/search/domain.ts'
import { entriesIn, parseEntries, partitionsOf } from '../../functions/catalog/search/stored/entries.ts'
import { parsePacked, unpacked } from '../../functions/catalog/search/stored/packed.ts'
import { parseRows, type Rows } from '../../functions/catalog/search/stored/rows.ts'
import { rowsPartition } from '../../functions/catalog/search/stored/segments.ts'
import { canonicalJson } from '../../shared/runtime/idempotency.ts'

type Item = Record<string, unknown>

const lineOf = (card: Card): string => `${card.id} ${canonicalJson(card)}`

const rowsOf = (items: readonly Item[]): Map<number, Rows> =>
  new Map(
    items.flatMap((item): [number, Rows][] => {
      const { segment, content } = parsePacked(item)
      return content && item.pk === rowsPartition ? [[segment, parseRows(unpacked(content))]] : []
    }),
  )

/** Cards, and `<partition> <word> <field> <productId>` for every entry; of a slot that is nobody's, its number. */
export const contentsOf = (all: readonly Item[]): string[] => {
  const items = all.filter(({ pk }) => /^(rows$|words#|ends#)/.test(String(pk)))
  const rows = rowsOf(items)
  const entries = items.flatMap((item) => {
    const { segment, content } = parsePacked(item)
    if (!content || item.pk === rowsPartition) return []
    return [...parseEntries(unpacked(content))].flatMap(([word, text]) =>
      entriesIn(text).map(({ slot, field }) => `${item.pk} ${word} ${field} ${rows.get(segment)?.[slot]?.id ?? slot}`),
    )
  })
  return [
    ...[...rows.values()].flatMap((ofSegment) => ofSegment.flatMap((card) => (card ? lineOf(card) : []))),
    ...entries,
  ]
}

/** What should stand there of a product that is sold. */
export const expectedOf = (product: Product): string[] => [
  lineOf(cardOf(product)),
  ...[...wordsOf(product)].flatMap(([word, field]) =>
    partitionsOf(word, field).map((partition) => `${partition} ${word} ${field} ${product.id}`),
  ),
]
