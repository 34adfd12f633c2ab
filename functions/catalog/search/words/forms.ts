/** Words that are written together here and apart there: `T-Shirt`, `tshirt`, `iPhone 13`, `500ml`. Pure. */
import { longestWord, wordsIn } from './words.ts'

/** Scripts that put spaces between words, and numbers. */
const joinable = /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{N}]+$/u

/** Two words as one; undefined where that would be another number, or is nothing that people write. */
export const joined = (one: string, other: string): string | undefined => {
  if (!joinable.test(one) || !joinable.test(other)) return undefined
  if (/\p{N}$/u.test(one) && /^\p{N}/u.test(other)) return undefined
  return one.length + other.length > longestWord ? undefined : one + other
}

/** `500 ml`: a number and what may be a unit. */
const isQuantity = (one: string, other: string): boolean => /^\p{N}+$/u.test(one) && /^\p{L}{1,4}$/u.test(other)

/** A comma, or the like, keeps words apart. */
const phrasesIn = (text: string): string[] => text.split(/[,;:!?()[\]|\n]+/)

/**
 * Neighbours as one word: those that a hyphen or apostrophe links, quantities, and where `all` is given any two.
 */
export const joinsIn = (text: string, all: boolean): string[] =>
  phrasesIn(text).flatMap((phrase) => {
    const words = phrase.split(/\s+/).flatMap((token, index) => wordsIn(token).map((word) => ({ word, token: index })))
    return words.flatMap(({ word, token }, index) => {
      const next = words[index + 1]
      if (!next || !(all || token === next.token || isQuantity(word, next.word))) return []
      return joined(word, next.word) ?? []
    })
  })

/** `iphone13` as `iphone` and `13`. */
export const splitsIn = (words: readonly string[]): string[] =>
  words.flatMap((word) => {
    const parts = word.match(/\p{N}+|[\p{L}\p{M}]+/gu) ?? []
    return parts.length > 1 ? parts : []
  })
