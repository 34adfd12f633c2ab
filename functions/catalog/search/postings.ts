/**
 * Where a product stands in the index of words and on the sorted shelves, and the steps from how it stood to how it shall.
 * A card names exactly the postings that are written, at every moment: it changes with them, in one transaction. Pure.
 */
import { canonicalJson } from '../../../shared/runtime/idempotency.ts'
import type { Key } from '../../../shared/runtime/table.ts'
import { type Card, type Field, fields, type Order, placeOf, type Words } from './domain.ts'
import { backwards } from './words/spelling.ts'
import { compoundOf } from './words/stems.ts'
import { hasCompounds } from './words/word-match.ts'

/** Shelves stand for browsing without words; each order has one of everything and one of each category. */
const shelved = ['newest', 'price', 'rating'] as const satisfies readonly Order[]

export const shelfOf = (order: Order, category: string | undefined): string => {
  const name = `shelf#${order === '-price' ? 'price' : order}`
  return category === undefined ? name : `${name}#${category}`
}

/** All words with the same first letter, so that the beginning of a word can be looked for. */
export const wordPartition = (word: string): string => `words#${String.fromCodePoint(word.codePointAt(0) ?? 0)}`

/** All compounds with the same last letter. */
export const endPartition = (end: string): string => `ends#${end.slice(-1)}`

/** A word, and from its end if it may be a compound. */
const postingsOf = (id: string, word: string, field: Field): Key[] => {
  const posting = { pk: wordPartition(word), sk: `${word}#${fields.indexOf(field)}#${id}` }
  const compound = hasCompounds(field) ? compoundOf(word) : undefined
  if (compound === undefined) return [posting]
  return [posting, { pk: endPartition(compound), sk: `${backwards(compound)}#${word}#${id}` }]
}

/** The product that a posting, or a place on a shelf, is of. */
export const idIn = (sortKey: string): string => sortKey.slice(sortKey.lastIndexOf('#') + 1)

const shelfKeysOf = (card: Card): Key[] =>
  shelved.flatMap((order) => {
    const sk = placeOf(order, card)
    return [
      { pk: shelfOf(order, undefined), sk },
      ...[card.category, ...(card.otherLists ?? [])].map((category) => ({ pk: shelfOf(order, category), sk })),
    ]
  })

const wordsIn = (words: Words, field: Field): string =>
  [...words]
    .flatMap(([word, of]) => (of === field ? [word] : []))
    .toSorted()
    .join(' ')

/** As it is stored: words as one text of each field, which is small and quickly read. */
export const storedCard = ({ words, ...card }: Card) => ({
  ...card,
  title: wordsIn(words, 'title'),
  tags: wordsIn(words, 'tags'),
  forms: wordsIn(words, 'forms'),
  text: wordsIn(words, 'text'),
})

const isSame = (one: Card, other: Card): boolean => canonicalJson(storedCard(one)) === canonicalJson(storedCard(other))

/** Part of the way, small enough for one transaction. `card` is what stands after it; undefined: the product is gone. */
export type Step = { card: Card | undefined; puts: Key[]; removes: Key[] }

/** A transaction takes 100 items: the card, twelve places on shelves, and these; fewer where there are more places. */
const [postingsPerStep, usualPlaces] = [87, 12]
/** A word that moves from one field to another. */
const postingsPerWord = 4

type WordChange = { word: string; from: Field | undefined; to: Field | undefined }

const wordChanges = (before: Words, after: Words, anew: boolean): WordChange[] =>
  [...new Set([...before.keys(), ...after.keys()])].flatMap((word) => {
    const [from, to] = [before.get(word), after.get(word)]
    return from === to && !anew ? [] : [{ word, from, to }]
  })

const without = (keys: readonly Key[], others: readonly Key[]): Key[] => {
  const known = new Set(others.map(({ pk, sk }) => `${pk} ${sk}`))
  return keys.filter(({ pk, sk }) => !known.has(`${pk} ${sk}`))
}

const shelfChanges = (before: Card | undefined, after: Card | undefined, anew: boolean) => {
  const from = before ? shelfKeysOf(before) : []
  const to = after ? shelfKeysOf(after) : []
  return { puts: anew ? to : without(to, from), removes: without(from, to) }
}

const none: Words = new Map()

/** @param anew writes what should be there already, too: for an index that is not trusted */
export const stepsBetween = (before: Card | undefined, after: Card | undefined, anew = false): Step[] => {
  const id = (after ?? before)?.id
  if (id === undefined || (!anew && before && after && isSame(before, after))) return []
  const words = new Map(before?.words)
  const steps: Step[] = []
  let step: Step = { card: undefined, ...shelfChanges(before, after, anew) }
  let postings = Math.max(0, step.puts.length + step.removes.length - usualPlaces)
  const finish = (): void => {
    const standing = after ?? before
    steps.push({ ...step, card: standing && { ...standing, words: new Map(words) } })
    step = { card: undefined, puts: [], removes: [] }
    postings = 0
  }
  for (const { word, from, to } of wordChanges(before?.words ?? none, after?.words ?? none, anew)) {
    if (postings + postingsPerWord > postingsPerStep) finish()
    const [old, wanted] = [from, to].map((field) => (field === undefined ? [] : postingsOf(id, word, field)))
    const puts = anew ? (wanted ?? []) : without(wanted ?? [], old ?? [])
    const removes = without(old ?? [], wanted ?? [])
    step = { ...step, puts: [...step.puts, ...puts], removes: [...step.removes, ...removes] }
    if (to === undefined) words.delete(word)
    else words.set(word, to)
    postings += puts.length + removes.length
  }
  finish()
  const last = steps.at(-1)
  if (last && !after) last.card = undefined
  return steps
}
