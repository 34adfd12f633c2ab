/**
 * Words with a letter too many, too few, another or in the other's place. Those that titles and tags have are found by how they
 * begin and by how they end: one half of a word with one mistake is right. Pure.
 */
import { stemOf } from './stems.ts'

/** Scripts whose words are strings of letters; of a number or a SKU, another is another thing. */
const spelled = /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]{4,30}$/u

export const isSpelled = (word: string): boolean => spelled.test(word)

/** Mistakes that are forgiven: one, in long words two. */
export const mistakesIn = (word: string): number => (word.length < 8 ? 1 : 2)

/** With which words begin, or end, that this one may be. */
export const spellingRangesOf = (word: string): { beginning: string; end: string } => {
  const length = Math.max(2, mistakesIn(word) > 1 ? Math.floor(word.length / 3) : Math.floor((word.length - 1) / 2))
  return { beginning: word.slice(0, length), end: word.slice(-length) }
}

/**
 * Letters put in, left out, replaced, or exchanged with their neighbour, that lead from one word to another (optimal string
 * alignment). Counted up to `most`: undefined for more.
 */
export const mistakesBetween = (one: string, other: string, most: number): number | undefined => {
  if (Math.abs(one.length - other.length) > most) return undefined
  let beforeLast: number[] = []
  let last = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[row - 1] === other[column - 1] ? 0 : 1
      const isExchange = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]
      current[column] = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + same,
        isExchange ? (beforeLast[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      )
    }
    if (current.every((count) => count > most)) return undefined
    beforeLast = last
    last = current
  }
  const mistakes = last[other.length] ?? 0
  return mistakes <= most ? mistakes : undefined
}

/** So many words are looked up in the place of one. */
const maxCorrections = 5

/** Of shorter words, the first letter is right: `hair` is no `chair`. */
const anyFirstLetterFrom = 7

/** Between the words, or between what other forms of them begin with: `batery` is `batteries` but for one letter. */
const mistakesOf = (word: string, other: string): number | undefined => {
  const most = mistakesIn(word)
  if (word.length < anyFirstLetterFrom && word[0] !== other[0]) return undefined
  const [stem, ofOther] = [stemOf(word), stemOf(other)]
  const ofStems = Math.min(stem.length, ofOther.length) > 3 ? mistakesBetween(stem, ofOther, most) : undefined
  const ofWords = mistakesBetween(word, other, most)
  return ofStems === undefined || ofWords === undefined ? (ofStems ?? ofWords) : Math.min(ofStems, ofWords)
}

/** Of these words those with the fewest mistakes between; of as near ones, those with the same first letter before others. */
export const nearestTo = (word: string, known: readonly string[]): string[] => {
  // In a word of four letters, an exchange in the middle leaves neither half as it was.
  const exchanged = word.length === 4 ? [word.replace(/^(.)(.)(.)(.)$/u, '$1$3$2$4')] : []
  const near = [...new Set([...exchanged, ...known])].flatMap((other) => {
    const mistakes = other === word ? undefined : mistakesOf(word, other)
    return mistakes === undefined ? [] : [{ other, mistakes, isFirst: other[0] === word[0] }]
  })
  const fewest = near.reduce((least, { mistakes }) => Math.min(least, mistakes), Number.POSITIVE_INFINITY)
  return near
    .filter(({ mistakes }) => mistakes === fewest)
    .toSorted((a, b) => Number(b.isFirst) - Number(a.isFirst) || (a.other < b.other ? -1 : 1))
    .slice(0, maxCorrections)
    .map(({ other }) => other)
}
