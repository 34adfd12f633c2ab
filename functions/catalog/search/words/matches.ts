/** Which products have the words that are looked for, and how near each comes to them. */
import { type Entries, entriesIn } from '../stored/entries.ts'
import { partitionOfEnd, partitionsOfBeginning } from '../stored/segments.ts'
import { numberOf, type SearchTable } from '../table.ts'
import { isSpelled, nearestTo, spellingRangesOf } from './spelling.ts'
import { joinedOf, relevanceOf, type Wanted } from './wanted.ts'
import { distanceIn, hasCompounds, nearnessOf, type WantedWord, wantedWord } from './word-match.ts'

/** By a product's number. */
type Numbers = Map<number, number>

type Part = readonly { segment: number; entries: Entries }[]

/** Reads each partition once, whoever asks for it. */
const reader = (index: SearchTable) => {
  const parts = new Map<string, Promise<Part>>()
  return (partitions: readonly string[]): Promise<Part[]> =>
    Promise.all(
      [...new Set(partitions)].map((partition) => {
        const part = parts.get(partition) ?? index.entries(partition)
        parts.set(partition, part)
        return part
      }),
    )
}

type Read = ReturnType<typeof reader>

const beginningsOf = ({ spellings, stems }: WantedWord): string[] =>
  [...spellings, ...stems].flatMap(partitionsOfBeginning)

/** Adds the products that have the word, each with the least distance. */
const addDistances = (found: Numbers, part: Part, wanted: WantedWord, mayBeCompound: boolean): void => {
  const nearness = nearnessOf(wanted, mayBeCompound)
  for (const { segment, entries } of part)
    for (const [word, text] of entries) {
      const near = nearness(word)
      if (near === undefined) continue
      for (const { slot, field } of entriesIn(text)) {
        const [number, distance] = [numberOf(segment, slot), distanceIn(wanted, field, near)]
        if (distance < (found.get(number) ?? Number.POSITIVE_INFINITY)) found.set(number, distance)
      }
    }
}

const distancesOf = async (read: Read, wanted: WantedWord): Promise<Numbers> => {
  const [beginnings, ends] = await Promise.all([read(beginningsOf(wanted)), read(wanted.ends.map(partitionOfEnd))])
  const found: Numbers = new Map()
  for (const part of beginnings) addDistances(found, part, wanted, false)
  for (const part of ends) addDistances(found, part, wanted, true)
  return found
}

/** Words in titles and tags that one may be that nothing has: the nearest first. */
const correctionsOf = async (read: Read, word: string): Promise<string[]> => {
  if (!isSpelled(word)) return []
  const { beginning, end } = spellingRangesOf(word)
  const [begun, ended] = await Promise.all([read(partitionsOfBeginning(beginning)), read([partitionOfEnd(end)])])
  const known = new Set<string>()
  const isSaid = (text: string) => entriesIn(text).some(({ field }) => hasCompounds(field))
  for (const { entries } of begun.flat())
    for (const [other, text] of entries) if (other.startsWith(beginning) && isSaid(text)) known.add(other)
  for (const { entries } of ended.flat()) for (const other of entries.keys()) if (other.endsWith(end)) known.add(other)
  return nearestTo(word, [...known].filter(isSpelled))
}

/** A word that was not typed so is farther than any way to write one that was. */
const correctionDistance = 3

/** What was meant by words that nothing has. Undefined where nothing is like them. */
const corrected = async (read: Read, wanted: Wanted, missing: readonly WantedWord[]): Promise<Wanted | undefined> => {
  const words = await Promise.all(
    wanted.words.map(async (word) => {
      const others = missing.includes(word)
        ? await Promise.all(word.spellings.map((spelling) => correctionsOf(read, spelling)))
        : []
      const spellings = [...new Set(others.flat())]
      return spellings.length > 0 ? wantedWord(spellings, false, correctionDistance) : word
    }),
  )
  return words.some((word, index) => word !== wanted.words[index]) ? { ...wanted, words } : undefined
}

type Found = { words: Numbers[]; joins: (Numbers | undefined)[] }

const findAll = async (read: Read, { words, joins }: Wanted): Promise<Found> => {
  const [ofWords, ofJoins] = await Promise.all([
    Promise.all(words.map((word) => distancesOf(read, word))),
    Promise.all(joins.map((join) => (join ? distancesOf(read, join) : undefined))),
  ])
  return { words: ofWords, joins: ofJoins }
}

/** Words that no product has, neither alone nor joined with a neighbour. */
const missingOf = ({ words }: Wanted, found: Found): WantedWord[] =>
  words.filter((_, index) =>
    [found.words[index], found.joins[index - 1], found.joins[index]].every((numbers) => !numbers?.size),
  )

/** The products that have the SKU. */
const ownersOf = async (read: Read, sku: string | undefined): Promise<Set<number>> => {
  if (sku === undefined) return new Set()
  const parts = (await read(partitionsOfBeginning(sku))).flat()
  return new Set(
    parts.flatMap(({ segment, entries }) => {
      const text = entries.get(sku)
      return text === undefined ? [] : entriesIn(text).map(({ slot }) => numberOf(segment, slot))
    }),
  )
}

/** By a product's number how relevant it is, the greater the better: of all that have all words. */
export const relevancesOf = async (index: SearchTable, asked: Wanted): Promise<Numbers> => {
  const read = reader(index)
  const [first, owners] = await Promise.all([findAll(read, asked), ownersOf(read, asked.sku)])
  let [wanted, found] = [asked, first]
  const missing = missingOf(asked, first)
  if (missing.length > 0 && missing.every(({ spellings }) => spellings.some(isSpelled))) {
    wanted = (await corrected(read, asked, missing)) ?? asked
    if (wanted !== asked) found = await findAll(read, wanted)
  }
  return new Map([...joinedOf(found)].map(([number, distance]) => [number, relevanceOf(distance, owners.has(number))]))
}
