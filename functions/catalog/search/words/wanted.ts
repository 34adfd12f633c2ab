/** What somebody looks for, and how near a product comes to it. Pure. */

import { joined } from './forms.ts'
import { type WantedWord, wantedWord } from './word-match.ts'
import { spellingsIn, wholeSku } from './words.ts'

/** A text has no more words than these; what stands behind them narrows nothing. */
const maxWantedWords = 16

/** All must be there: each word by itself, or together with its neighbour as one word. */
export type Wanted = {
  words: readonly WantedWord[]
  /** Each word with the one behind it, as one; undefined where they do not go together. */
  joins: readonly (WantedWord | undefined)[]
  /** The whole text, where it may be a SKU: the product that has it comes first. */
  sku: string | undefined
}

const joinOf = (one: readonly string[], other: readonly string[], isLast: boolean): WantedWord | undefined => {
  const spellings = one.flatMap((first) => other.flatMap((second) => joined(first, second) ?? []))
  return spellings.length > 0 ? wantedWord(spellings, isLast, 1) : undefined
}

/** @returns undefined for a text without a letter or number: nothing is found by it */
export const wantedIn = (text: string): Wanted | undefined => {
  // `men's` is looked for as `mens`, which `Men's` is found by, too.
  const all = spellingsIn(text.replace(/(\p{L})['’ʼ]s(?![\p{L}\p{N}])/giu, '$1s')).slice(0, maxWantedWords)
  const last = all.length - 1
  if (last < 0) return undefined
  const isRepeated = (index: number) => all.findIndex(([word]) => word === all[index]?.[0]) < index
  const words = all.filter((_, index) => index === last || !isRepeated(index))
  const end = words.length - 1
  return {
    words: words.map((spellings, index) => wantedWord(spellings, index === end)),
    joins: words.slice(0, -1).map((spellings, index) => joinOf(spellings, words[index + 1] ?? [], index + 1 === end)),
    sku: wholeSku(text),
  }
}

const lesser = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || other === undefined ? (one ?? other) : Math.min(one, other)

type Numbers = ReadonlyMap<number, number>

/** What stands in both, by the sum. */
const plus = (sums: Numbers | undefined, distances: Numbers | undefined): Numbers | undefined => {
  // Before the first word, every product is as near as any other.
  if (sums === undefined || distances === undefined) return distances
  const both = new Map<number, number>()
  for (const [number, distance] of distances) {
    const sum = sums.get(number)
    if (sum !== undefined) both.set(number, sum + distance)
  }
  return both
}

/**
 * By product, the least sum of distances at which the words, alone or joined by two, are all met. @param found by product, how
 * far each word is, and each with the one behind it
 */
export const joinedOf = ({ words, joins }: { words: readonly Numbers[]; joins: readonly (Numbers | undefined)[] }) => {
  /** Before the word at each place, of those that stand before it. */
  const sums: (Numbers | undefined)[] = [undefined]
  for (const [index, word] of words.entries()) {
    const best = new Map(plus(sums[index], word))
    const join = joins[index - 1]
    for (const [number, sum] of (join && plus(sums[index - 1], join)) ?? [])
      best.set(number, lesser(best.get(number), sum) ?? sum)
    sums.push(best)
  }
  return sums.at(-1) ?? new Map<number, number>()
}

const farthest = 9_999

/** The greater the better. @param isOwner whether the whole text is a SKU of the product */
export const relevanceOf = (distance: number, isOwner: boolean): number =>
  isOwner ? farthest : farthest - 1 - distance
