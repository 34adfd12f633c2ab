/** How well a word that somebody looks for is met by the words of a product. Pure. */
import { type Field, fields } from '../domain.ts'
import { basesOf, compoundOf, endOf, haveCommonBase, isEndOf, stemsOf } from './stems.ts'

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

/**
 * How near words of the index come to the one that is wanted; each is looked at once, in however many segments it stands.
 * @param mayBeCompound for words of titles and tags
 */
export const nearnessOf = (wanted: WantedWord, mayBeCompound: boolean): ((word: string) => number | undefined) => {
  const known = new Map<string, number | undefined>()
  return (word) => {
    if (known.has(word)) return known.get(word)
    const near = nearness(wanted, word, mayBeCompound)
    known.set(word, near)
    return near
  }
}

/** In every field a word itself is nearer than a form of it; whatever stands in the title is nearer than any tag. */
const fieldDistance = 4

/** How far a word is from what a product says there: the less, the better. */
export const distanceIn = (wanted: WantedWord, field: Field, near: number): number =>
  fields.indexOf(field) * fieldDistance + near + wanted.distance
