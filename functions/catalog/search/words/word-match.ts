/** How well a word that somebody looks for is met by the words of a product. Pure. */
import { type Field, fields, type Words } from '../domain.ts'
import { basesOf, compoundOf, endOf, haveCommonBase, isEndOf, isInflected, stemsOf } from './stems.ts'

/** Where entries of the index are looked up: of a word, of all that begins so, of compounds that end so. */
export type Lookup = { by: 'word' | 'beginning' | 'end'; text: string }

export type WantedWord = {
  /** `müsli` and `muesli`; each will do. */
  spellings: readonly string[]
  /** Of the last word its beginning is enough: somebody may still be typing. */
  isLast: boolean
  bases: readonly string[]
  stems: readonly string[]
  ends: readonly string[]
  /** Added to the distance: for words that were not typed so. */
  distance: number
}

export const wantedWord = (spellings: readonly string[], isLast: boolean, distance = 0): WantedWord => ({
  spellings,
  isLast,
  bases: [...new Set(spellings.flatMap(basesOf))],
  stems: stemsOf(spellings),
  ends: [...new Set(spellings.flatMap((word) => endOf(word) ?? []))],
  distance,
})

/** Everything that may meet the word stands under these. */
export const lookupsOf = ({ spellings, isLast, stems }: WantedWord): Lookup[] =>
  isLast || spellings.some(isInflected)
    ? stems.map((text) => ({ by: 'beginning', text }))
    : spellings.map((text) => ({ by: 'word', text }))

export const endLookupsOf = ({ ends }: WantedWord): Lookup[] => ends.map((text) => ({ by: 'end', text }))

/** Only where a word stands by itself may it be the end of a compound: `Kupferkessel`, not what was joined from two words. */
export const hasCompounds = (field: Field): boolean => field === 'title' || field === 'tags'

/** Forms of a word begin alike, if only with two letters: `Bücher` is also written `buecher`. */
const beginsAlike = (stems: readonly string[], word: string): boolean =>
  stems.some((stem) => word.startsWith(stem.slice(0, 2)))

/** 0 for the word itself, 1 for its beginning or another form of it, 2 for a compound that ends with it; undefined for others. */
const nearness = ({ spellings, isLast, bases, stems, ends }: WantedWord, word: string, mayBeCompound: boolean) => {
  if (spellings.includes(word)) return 0
  if (isLast && spellings.some((spelling) => word.startsWith(spelling))) return 1
  if (beginsAlike(stems, word) && haveCommonBase(bases, word)) return 1
  const compound = mayBeCompound && ends.length > 0 ? compoundOf(word) : undefined
  return compound !== undefined && ends.some((end) => isEndOf(end, compound)) ? 2 : undefined
}

/** Whether an entry of the index is of a word that is wanted: a lookup gives others, too, that begin or end alike. */
export const isMetBy = (wanted: WantedWord, { by }: Lookup, word: string): boolean =>
  nearness(wanted, word, by === 'end') !== undefined

/** In every field a word itself is nearer than a form of it; whatever stands in the title is nearer than any tag. */
const fieldDistance = 4

/** How far the word is from what the product says: the less, the better. Undefined where nothing meets it. */
export const distanceOf = (wanted: WantedWord, words: Words): number | undefined => {
  let nearest: number | undefined
  for (const [word, field] of words) {
    const near = nearness(wanted, word, hasCompounds(field))
    if (near === undefined) continue
    const distance = fields.indexOf(field) * fieldDistance + near + wanted.distance
    if (distance < (nearest ?? Number.POSITIVE_INFINITY)) nearest = distance
  }
  return nearest
}
