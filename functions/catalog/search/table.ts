/**
 * A table of its own: whatever search reads, checkout does not wait for it.
 *
 * | item | pk | sk | answers |
 * |---|---|---|---|
 * | what is written of a product | `product#<productId>` | `card` | what its next change must write |
 * | cards of a segment's products | `rows` | `<segment>` | filters, facets, orders |
 * | words of a segment's products by how they begin | `words#<0 to 62>` | `<segment>` | words, and how they begin |
 * | words of their titles and tags by how they end | `ends#<0 to 30>` | `<segment>` | ends of compounds, wrong spelling |
 *
 * All but the first are packed (stored/), and what a search needs stands side by side: a query is billed by what all its items
 * weigh together. What writes them: search-index.ts.
 */
import type { Item, Table } from '../../../shared/runtime/table.ts'
import type { Card } from './domain.ts'
import { type Entries, parseEntries } from './stored/entries.ts'
import { parsePacked, unpacked } from './stored/packed.ts'
import { parseRows, type Rows } from './stored/rows.ts'
import { rowsPartition, segmentCount } from './stored/segments.ts'

/** Tells products of the index apart. */
export const numberOf = (segment: number, slot: number): number => slot * segmentCount + segment

/** Parses what is new only: most of the index is the same from one search to the next. */
const remembering = <T>(parse: (text: string) => T) => {
  const known = new Map<string, { content: Uint8Array; value: T }>()
  return (item: Item): { segment: number; value: T }[] => {
    const { segment, content } = parsePacked(item)
    if (content === undefined) return []
    const key = `${item.pk} ${item.sk}`
    const before = known.get(key)
    if (before && Buffer.compare(before.content, content) === 0) return [{ segment, value: before.value }]
    const value = parse(unpacked(content))
    known.set(key, { content, value })
    return [{ segment, value }]
  }
}

export type Catalogue = {
  at(number: number): Card | undefined
  all(): Card[]
}

const catalogueOf = (rows: ReadonlyMap<number, Rows>): Catalogue => ({
  at: (number) => rows.get(number % segmentCount)?.[Math.floor(number / segmentCount)],
  all: () => [...rows.values()].flatMap((ofSegment) => ofSegment.flatMap((card) => card ?? [])),
})

export const searchTable = (table: Table) => {
  /** However large it is: a page ends after 1 MB. */
  const itemsOf = async (pk: string): Promise<Item[]> => {
    const pages: Item[][] = []
    let startKey: Item | undefined
    do {
      const { items, lastKey } = await table.query({ pk, startKey, eventually: true })
      pages.push(items)
      startKey = lastKey
    } while (startKey !== undefined)
    return pages.flat()
  }
  const rowsOf = remembering(parseRows)
  const entriesOf = remembering(parseEntries)
  const rows = async (): Promise<Map<number, Rows>> => {
    const items = await itemsOf(rowsPartition)
    return new Map(items.flatMap(rowsOf).map(({ segment, value }) => [segment, value]))
  }

  return {
    /** The cards of all products that are on the shelves. */
    async catalogue(): Promise<Catalogue> {
      return catalogueOf(await rows())
    },

    /** Words of one letter and the products that have them, by segment. */
    async entries(partition: string): Promise<{ segment: number; entries: Entries }[]> {
      return (await itemsOf(partition)).flatMap(entriesOf).map(({ segment, value }) => ({ segment, entries: value }))
    },

    /** Ids of products that have a row, in any order that stays. @param from as many as were given before */
    async page(from: number, limit: number): Promise<{ ids: string[]; next: number | undefined }> {
      const all = [...(await rows())]
        .toSorted(([a], [b]) => a - b)
        .flatMap(([segment, ofSegment]) => ofSegment.map((card, slot) => ({ card, number: segment * 1e6 + slot })))
      const left = all.filter(({ card, number }) => card && number >= from)
      return { ids: left.slice(0, limit).flatMap(({ card }) => card?.id ?? []), next: left[limit]?.number }
    },
  }
}

export type SearchTable = ReturnType<typeof searchTable>
