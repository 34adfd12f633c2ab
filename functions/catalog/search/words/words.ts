/**
 * Text as words: what products are found by. Cut by Unicode's rules (UAX #29; Chinese, Japanese and Thai, which write
 * without spaces, by ICU's dictionaries), with capitals, accents and widths of letters folded. Pure.
 */
import { lazy } from '../../../../shared/runtime/lazy.ts'

/** Code points; what is longer is cut, in products and in searches alike. */
export const longestWord = 40

const segmenter = lazy(() => new Intl.Segmenter('en', { granularity: 'word' }))

/** Accents of Latin, Greek and Cyrillic letters, vowel points of Arabic and Hebrew. Marks of other scripts are letters of theirs. */
const accents = /[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]/g

/** Letters that Unicode does not take apart, though their readers do. */
const alike: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ı: 'i',
  ς: 'σ',
}

/** `Größe` -> `grosse`, `ＣＡＦÉ` -> `cafe`. Folding what is folded changes nothing. */
export const folded = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .normalize('NFKD')
    .replace(accents, '')
    .replace(/[ßæœøđðþłıς]/g, (letter) => alike[letter] ?? letter)
    .normalize('NFC')

const cut = (word: string): string => (word.length <= longestWord ? word : [...word].slice(0, longestWord).join(''))

const partsOf = (segment: string): string[] =>
  folded(segment)
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .flatMap((word) => (word === '' ? [] : [cut(word)]))

const segmentsIn = (text: string): string[] =>
  [...segmenter().segment(text.normalize('NFC'))].map(({ segment }) => segment)

/** The words of a text in their order, also the same one again. Whatever is no letter, mark or number divides words. */
export const wordsIn = (text: string): string[] => segmentsIn(text).flatMap(partsOf)

/** How letters are written where a keyboard lacks them: German's and Scandinavia's. */
const twoLetters: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue', å: 'aa', ø: 'oe' }

const spelledOut = (text: string): string =>
  text.replace(/[äöüåø]/gi, (letter) => twoLetters[letter.toLowerCase()] ?? letter)

/** As `wordsIn`, each with the ways in which it is written: `Müsli` as `musli` and `muesli`. */
export const spellingsIn = (text: string): string[][] =>
  segmentsIn(text).flatMap((segment) => {
    const others = partsOf(spelledOut(segment))
    return partsOf(segment).map((word, index) => [...new Set([word, others[index] ?? word])])
  })

/** Where a dictionary ends a Chinese word depends on its neighbours, so that its tails are words as well: `茶壶` and `壶`. */
const withTails = (word: string): string[] =>
  /^\p{Script=Han}{2,}$/u.test(word) ? [...word].map((_, start, letters) => letters.slice(start).join('')) : [word]

/** As `wordsIn`, with all by which a product may be looked for. */
export const findableWordsIn = (text: string): string[] => spellingsIn(text).flat().flatMap(withTails)

/** A SKU that has parts, as one word: `TEE-L` -> `tee-l`. Undefined for any other text. */
export const wholeSku = (text: string): string | undefined => {
  const sku = text.trim().toLowerCase()
  return /^[a-z0-9][a-z0-9._-]{1,63}$/.test(sku) && /[._-]/.test(sku) ? sku : undefined
}
