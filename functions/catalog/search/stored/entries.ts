/**
 * Words of a segment's products as one text: a line for each word, with where it stands. `kettle 1 5 c` are three entries, each
 * as the distance from the one before, in base 36. Pure.
 */
import { type Field, fields, type Words } from '../domain.ts'
import { isSpelled } from '../words/spelling.ts'
import { compoundOf } from '../words/stems.ts'
import { hasCompounds } from '../words/word-match.ts'
import { partitionOfEnd, partitionOfWord } from './segments.ts'

/** By word, its entries as they are written: most are never looked at. */
export type Entries = ReadonlyMap<string, string>

/** A product that has the word, and where it counts most there. */
export type Entry = { slot: number; field: Field }

const numberOf = ({ slot, field }: Entry): number => slot * fields.length + fields.indexOf(field)

const numbersIn = (text: string): number[] => {
  let number = 0
  return text.split(' ').map((distance) => {
    number += Number.parseInt(distance, 36)
    return number
  })
}

export const entriesIn = (text: string): Entry[] =>
  numbersIn(text).map((number) => ({
    slot: Math.floor(number / fields.length),
    field: fields[number % fields.length] ?? 'text',
  }))

const textOf = (numbers: Iterable<number>): string => {
  let before = 0
  return [...numbers]
    .toSorted((a, b) => a - b)
    .map((number) => {
      const distance = number - before
      before = number
      return distance.toString(36)
    })
    .join(' ')
}

export const entriesText = (entries: Entries): string =>
  [...entries]
    .map(([word, text]) => `${word} ${text}`)
    .toSorted()
    .join('\n')

export const parseEntries = (content: string): Entries => {
  const lines = content.split('\n')
  return new Map(
    lines.flatMap((line): [string, string][] => {
      const end = line.indexOf(' ')
      return end < 0 ? [] : [[line.slice(0, end), line.slice(end + 1)]]
    }),
  )
}

/** Under a word something comes in or goes. */
export type EntryChange = { partition: string; word: string; entry: Entry; is: 'added' | 'removed' }

/** Where a word is looked for: by how it begins; those of titles and tags by how they end, and by how their stems do. */
export const partitionsOf = (word: string, field: Field): string[] => {
  if (!hasCompounds(field)) return [partitionOfWord(word)]
  const compound = compoundOf(word)
  const ends = [...(compound === undefined ? [] : [compound]), ...(isSpelled(word) ? [word] : [])]
  return [...new Set([partitionOfWord(word), ...ends.map(partitionOfEnd)])]
}

type Placed = { words: Words; slot: number | undefined }

const entriesOf = ({ words, slot }: Placed, is: EntryChange['is']): EntryChange[] =>
  slot === undefined
    ? []
    : [...words].flatMap(([word, field]) =>
        partitionsOf(word, field).map((partition) => ({ partition, word, entry: { slot, field }, is })),
      )

/** @param anew adds what should be there already, too */
export const entryChanges = (before: Placed, after: Placed, anew: boolean): EntryChange[] => {
  const isSame = (word: string, field: Field, other: Placed) =>
    before.slot === after.slot && other.words.get(word) === field
  return [
    ...entriesOf(before, 'removed').filter(({ word, entry }) => !isSame(word, entry.field, after)),
    ...entriesOf(after, 'added').filter(({ word, entry }) => anew || !isSame(word, entry.field, before)),
  ]
}

/** All changes of one partition, what goes first. */
export const withChanges = (entries: Entries, changes: readonly EntryChange[]): Entries => {
  const changed = new Map(entries)
  for (const { word, entry, is } of changes) {
    const text = changed.get(word)
    const numbers = new Set(text === undefined ? [] : numbersIn(text))
    if (is === 'added') numbers.add(numberOf(entry))
    else numbers.delete(numberOf(entry))
    if (numbers.size > 0) changed.set(word, textOf(numbers))
    else changed.delete(word)
  }
  return changed
}
