/**
 * Where the index keeps what. Products are spread over segments; each segment is one item of rows, and one item of entries for
 * all words that begin, or end, with the same two letters. So a change of a product writes small items, and a search reads, in
 * one query, the products that have a word. Pure.
 */
import type { Key } from '../../../../shared/runtime/table.ts'

/**
 * Of ten thousand products 310 are in a segment: rows of 7 KB, and words of 1 KB, which is what DynamoDB bills at least. Another
 * number is another format.
 */
export const segmentCount = 32

/**
 * Partitions of words: by the first letter and the second, so that those that begin with one letter are in few, too. With those of
 * ends, the rows and a card they are less than the 100 items that one transaction takes.
 */
const [firstLetters, secondLetters, lastLetters] = [21, 3, 31]

/** FNV-1a, 32 bits. */
const hashOf = (text: string): number => {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return hash >>> 0
}

export const segmentOf = (productId: string): number => hashOf(productId) % segmentCount

/** As a sort key. */
const nameOf = (segment: number): string => String(segment).padStart(2, '0')

/** Of all rows: every search reads them, in one query. */
export const rowsPartition = 'rows'

/** Where a segment has its item in a partition. */
export const segmentKey = (partition: string, segment: number): Key => ({ pk: partition, sk: nameOf(segment) })

const codeOf = (letter: string | undefined): number => letter?.codePointAt(0) ?? 0

const wordsPartition = (first: number, second: number): string =>
  `words#${(first % firstLetters) * secondLetters + (second % secondLetters)}`

/** Of a word, together with all that begin so. */
export const partitionOfWord = (word: string): string => {
  const [first, second] = [...word]
  return wordsPartition(codeOf(first), codeOf(second))
}

/** Of all words that begin so. */
export const partitionsOfBeginning = (beginning: string): string[] => {
  const [first, second] = [...beginning]
  if (second !== undefined) return [partitionOfWord(beginning)]
  return Array.from({ length: secondLetters }, (_, other) => wordsPartition(codeOf(first), other))
}

/** Of words of titles and tags that end so. @param end two letters or more */
export const partitionOfEnd = (end: string): string => {
  const letters = [...end]
  return `ends#${(codeOf(letters.at(-1)) * 5 + codeOf(letters.at(-2))) % lastLetters}`
}
