/**
 * Keeps cards, postings and places on shelves as the products are. Whoever brings a product's card up to date has read the
 * product some time before; another may have written a later state of it since, or taken it off the shelves. So a card
 * says of which state it was made, no write makes that an earlier one, and an archived product keeps its card as an empty
 * one for a day: a card that were deleted would let the slow one begin as if there had never been any.
 */
import { now } from '../../../shared/runtime/clock.ts'
import { ContentionError } from '../../../shared/runtime/errors.ts'
import { type Change, notThere, type Table } from '../../../shared/runtime/table.ts'
import { isActive, type Product } from '../products/domain.ts'
import { parseProduct, productKeyOf } from '../products/table.ts'
import { cardItem, cardKeyOf, type Kept, parseCard, sourceVersionOf } from './cards.ts'
import { type Card, cardOf } from './domain.ts'
import { type Step, stepsBetween } from './postings.ts'
import { isSpelled, spellingKeysOf } from './words/spelling.ts'
import { hasCompounds } from './words/word-match.ts'

/** A write that lost against another is decided again so many times. */
const attempts = 5

/** Words that an instance remembers to have been written. */
const remembered = 50_000
/** A transaction takes 100 items, two for each word. */
const wordsPerWrite = 50

/** Words of a card that may be spelled wrongly, and were not there before. */
const newWordsOf = (before: Card | undefined, wanted: Card | undefined): string[] =>
  [...(wanted?.words ?? [])].flatMap(([word, field]) => {
    const known = before?.words.get(word)
    return hasCompounds(field) && isSpelled(word) && !(known && hasCompounds(known)) ? [word] : []
  })

const neverIndexed: Kept = { card: undefined, revision: 0, sourceVersion: -1 }

/** From the card as it is to what the product says; also where only the state that it is made of is a later one. */
const stepsTo = (
  { card, sourceVersion }: Kept,
  product: Product | undefined,
  wanted: Card | undefined,
  anew: boolean,
): Step[] => {
  const steps = stepsBetween(card, wanted, anew)
  const isBehind = product !== undefined && sourceVersion < sourceVersionOf(product)
  return steps.length === 0 && isBehind ? [{ card: wanted, puts: [], removes: [] }] : steps
}

export const searchIndex = (table: Table) => {
  /** A product, and the card that was made of it last: two items, each as it is at a moment of its own. */
  const read = async (productId: string) => {
    const items = await table.batchGet([productKeyOf(productId), cardKeyOf(productId)])
    const [product, card] = ['product', 'card'].map((sk) => items.find((item) => item.sk === sk))
    return { product: product && parseProduct(product), before: card ? parseCard(card) : neverIndexed }
  }

  /** @returns whether the card was still the one that the step starts from */
  const take = async (productId: string, { puts, removes }: Step, before: Kept, after: Kept): Promise<boolean> => {
    const when =
      before.revision === 0 ? notThere : { expression: '#revision = :before', values: { ':before': before.revision } }
    const changes = [...puts.map((put): Change => ({ put })), ...removes.map((key): Change => ({ delete: key }))]
    return (await table.write([{ put: cardItem(productId, after, now()), when, else: 'raced' }, ...changes])).ok
  }

  const known = new Set<string>()
  /** So that it is found when it is spelled wrongly (words/spelling.ts). */
  const learn = async (words: readonly string[]): Promise<void> => {
    for (let start = 0; start < words.length; start += wordsPerWrite) {
      const part = words.slice(start, start + wordsPerWrite)
      await table.write(part.flatMap(spellingKeysOf).map((put) => ({ put })))
      if (known.size > remembered) known.clear()
      for (const word of part) known.add(word)
    }
  }

  /** @returns false when another wrote the card meanwhile; the steps until then are taken */
  const takeAll = async (productId: string, steps: readonly Step[], from: Kept, sourceVersion: number) => {
    let before = from
    for (const step of steps) {
      const after: Kept = { card: step.card, revision: before.revision + 1, sourceVersion }
      if (!(await take(productId, step, before, after))) return false
      before = after
    }
    return true
  }

  return {
    /**
     * Brings the index up to date with a product as it is now: from whatever its card says is written, only what
     * differs. However often, late or at once this is done, it ends the same.
     * @param anew writes again what should be there, too
     * @throws ContentionError when others keep doing the same
     */
    async index(productId: string, anew = false): Promise<void> {
      let seen: number | undefined
      for (let tries = 0; tries < attempts; tries += 1) {
        const { product, before } = await read(productId)
        const sourceVersion = product ? sourceVersionOf(product) : before.sourceVersion
        // The product was read before, and its card after, another wrote both. Not where the card was there already when
        // the product was read: then this is the later state, whatever it says.
        if (sourceVersion < before.sourceVersion && before.revision !== seen) {
          seen = before.revision
          continue
        }
        const wanted = product && isActive(product) ? cardOf(product) : undefined
        const words = newWordsOf(anew ? undefined : before.card, wanted)
        await learn(anew ? words : words.filter((word) => !known.has(word)))
        if (await takeAll(productId, stepsTo(before, product, wanted, anew), before, sourceVersion)) return
      }
      throw new ContentionError('others are writing the same card')
    },
  }
}

export type SearchIndex = ReturnType<typeof searchIndex>
