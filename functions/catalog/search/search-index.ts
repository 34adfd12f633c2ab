/**
 * Keeps the index as the products are. Whoever brings a product up to date there has read it some time before; another may have
 * written a later state of it since, or taken it off the shelves. So its card says of which state it was made, no write makes
 * that an earlier one, and an archived product keeps its card as an empty one for a day: a card that were deleted would let
 * the slow one begin as if there had never been any. Card, row and words change in one transaction, on the revisions of the
 * card and of the rows: a segment is changed by one at a time.
 */
import { isDeepStrictEqual } from 'node:util'
import { now } from '../../../shared/runtime/clock.ts'
import { ContentionError } from '../../../shared/runtime/errors.ts'
import { type Change, type Expression, type Key, notThere, type Table } from '../../../shared/runtime/table.ts'
import { isActive, type Product } from '../products/domain.ts'
import { parseProduct, productKeyOf } from '../products/table.ts'
import { cardOf, type Words, wordsOf } from './domain.ts'
import { cardItem, cardKeyOf, type Kept, parseCard, sourceVersionOf } from './stored/cards.ts'
import { type EntryChange, entriesText, entryChanges, parseEntries, withChanges } from './stored/entries.ts'
import { packedItem, parsePacked, unpacked } from './stored/packed.ts'
import { parseRows, type Rows, rowsText } from './stored/rows.ts'
import { rowsPartition, segmentKey, segmentOf } from './stored/segments.ts'

/** A write that lost against another is decided again so many times. */
const attempts = 8

type KeptRows = { rows: Rows; revision: number }

const neverIndexed: Kept = { slot: undefined, words: new Map(), revision: 0, sourceVersion: -1 }

const revisionIs = (revision: number): Expression =>
  revision === 0 ? notThere : { expression: '#revision = :before', values: { ':before': revision } }

const rowsIn = (item: unknown): KeptRows => {
  if (item === undefined) return { rows: [], revision: 0 }
  const { revision, content } = parsePacked(item)
  return { rows: content ? parseRows(unpacked(content)) : [], revision }
}

type Step = { card: Kept; rows: Rows; entries: EntryChange[] }

/** What is written for a product that is to stand in the index so; undefined: all of it is there. */
const stepTo = (productId: string, product: Product | undefined, before: Kept, rows: Rows, anew: boolean) => {
  const shown = product && isActive(product) ? product : undefined
  const wanted = shown && cardOf(shown)
  const isPlaced = before.slot !== undefined && rows[before.slot]?.id === productId
  const known = isPlaced ? before : { slot: undefined, words: neverIndexed.words }
  const slot = wanted && (known.slot ?? rows.length)
  const words: Words = shown ? wordsOf(shown) : neverIndexed.words
  const entries = entryChanges(known, { words, slot }, anew)
  const sourceVersion = product ? sourceVersionOf(product) : before.sourceVersion
  const standing = known.slot === undefined ? undefined : rows[known.slot]
  const isSame = entries.length === 0 && isDeepStrictEqual(standing, wanted) && before.sourceVersion >= sourceVersion
  if (isSame && !(anew && wanted)) return undefined
  const changed = [...rows]
  if (known.slot !== undefined) changed[known.slot] = undefined
  if (slot !== undefined) changed[slot] = wanted
  const card: Kept = { slot, words, revision: before.revision + 1, sourceVersion }
  return { card, rows: changed, entries } satisfies Step
}

/** @param catalog where products are @param search where the index is */
export const searchIndex = (catalog: Table, search: Table) => {
  /** A product, the card that was made of it last, and the rows of its segment: each as it is at a moment of its own. */
  const read = async (productId: string) => {
    const [product, items] = await Promise.all([
      catalog.get(productKeyOf(productId)),
      search.batchGet([cardKeyOf(productId), segmentKey(rowsPartition, segmentOf(productId))]),
    ])
    const card = items.find(({ sk }) => sk === 'card')
    const rows = items.find(({ sk }) => sk !== 'card')
    return {
      product: product && parseProduct(product),
      before: card ? parseCard(card) : neverIndexed,
      kept: rowsIn(rows),
    }
  }

  /** The items of entries as they shall be. They are read after the rows, on whose revision their write depends. */
  const entryPuts = async (segment: number, changes: readonly EntryChange[], revision: number) => {
    const partitions = [...new Set(changes.map(({ partition }) => partition))]
    const keys = partitions.map((partition) => segmentKey(partition, segment))
    const items = keys.length > 0 ? await search.batchGet(keys) : []
    return keys.map((key: Key): Change => {
      const item = items.find(({ pk }) => pk === key.pk)
      const content = item && parsePacked(item).content
      const own = changes.filter(({ partition }) => partition === key.pk)
      return {
        put: packedItem(
          key,
          revision,
          entriesText(withChanges(content ? parseEntries(unpacked(content)) : new Map(), own)),
        ),
      }
    })
  }

  /** @returns whether card and rows were still those that the step starts from */
  const take = async (productId: string, step: Step, before: Kept, kept: KeptRows): Promise<boolean> => {
    const put = cardItem(productId, step.card, now())
    const card = { put, when: revisionIs(before.revision), else: 'raced' } satisfies Change<'raced'>
    if (isDeepStrictEqual(step.rows, kept.rows) && step.entries.length === 0) return (await search.write([card])).ok
    const [segment, revision] = [segmentOf(productId), kept.revision + 1]
    const rows = packedItem(segmentKey(rowsPartition, segment), revision, rowsText(step.rows))
    const written = await search.write([
      card,
      { put: rows, when: revisionIs(kept.revision), else: 'raced' },
      ...(await entryPuts(segment, step.entries, revision)),
    ])
    return written.ok
  }

  const bring = async (productId: string, anew: boolean): Promise<void> => {
    let seen: number | undefined
    for (let tries = 0; tries < attempts; tries += 1) {
      const { product, before, kept } = await read(productId)
      // The product was read before, and its card after, another wrote both. Not where the card was there already when
      // the product was read: then this is the later state, whatever it says.
      if (product && sourceVersionOf(product) < before.sourceVersion && before.revision !== seen) {
        seen = before.revision
        continue
      }
      const step = stepTo(productId, product, before, kept.rows, anew)
      if (step === undefined || (await take(productId, step, before, kept))) return
    }
    throw new ContentionError('others are writing the same card')
  }

  const turns = new Map<number, Promise<void>>()

  return {
    /**
     * Brings the index up to date with a product as it is now: from whatever its card says is written, only what
     * differs. However often, late or at once this is done, it ends the same. Products of one segment wait for each other.
     * @param anew writes again what should be there, too
     * @throws ContentionError when others keep doing the same
     */
    index(productId: string, anew = false): Promise<void> {
      const segment = segmentOf(productId)
      const work = () => bring(productId, anew)
      const turn = (turns.get(segment) ?? Promise.resolve()).then(work, work)
      turns.set(segment, turn)
      return turn
    },
  }
}

export type SearchIndex = ReturnType<typeof searchIndex>
