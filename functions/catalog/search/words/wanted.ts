/** What somebody looks for, and how near a product comes to it. Pure. */

import type { Card, Words } from '../domain.ts'
import { joined } from './forms.ts'
import { distanceOf, type WantedWord, wantedWord } from './word-match.ts'
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

/** The least sum of distances at which the words, alone or joined by two, are all met. */
const distanceBetween = ({ words, joins }: Wanted, known: Words): number | undefined => {
  /** Before the word at each place, of those that stand before it. */
  const sums: (number | undefined)[] = [0]
  const plus = (sum: number | undefined, wanted: WantedWord | undefined): number | undefined => {
    if (sum === undefined || wanted === undefined) return undefined
    const distance = distanceOf(wanted, known)
    return distance === undefined ? undefined : sum + distance
  }
  for (const [index, word] of words.entries()) {
    const alone = plus(sums[index], word)
    const together = index > 0 ? plus(sums[index - 1], joins[index - 1]) : undefined
    sums.push(lesser(alone, together))
  }
  return sums.at(-1)
}

const farthest = 9_999

/** The greater the better. Undefined where a word is missing. */
export const relevanceOf = (wanted: Wanted, { words }: Pick<Card, 'words'>): number | undefined => {
  const distance = distanceBetween(wanted, words)
  if (distance === undefined) return undefined
  return wanted.sku !== undefined && words.has(wanted.sku) ? farthest : farthest - 1 - distance
}
