/** Which products may have the words that are looked for: where to look, at a cost that does not grow with the catalogue. */
import type { Filters } from '../domain.ts'
import type { Entries, SearchTable } from '../table.ts'
import { isSpelled } from './spelling.ts'
import type { Wanted } from './wanted.ts'
import { endLookupsOf, isMetBy, type Lookup, lookupsOf, type WantedWord, wantedWord } from './word-match.ts'

export type Candidates = {
  ids: readonly string[]
  /** Whether no other product can be one. */
  complete: boolean
  /** Where a shelf goes on. */
  next?: string | undefined
  /** What is looked for, with corrections of what nothing has. */
  wanted?: Wanted | undefined
}

export type SearchLimits = {
  /** Entries read of one list, and cards looked at. */
  candidates: number
  /** Words that are looked up, the longest ones; the cards tell of the others. */
  lists: number
  /** Besides these, neighbours that may be written as one word, and compounds: lists in all. */
  others: number
}

/** All products that may have one word, in whichever way. */
type List = { ids: readonly string[]; complete: boolean }

/**
 * What stands in all lists. A list that was not read to its end rules nothing out; where all are such, the products that
 * stand in the most lists are looked at, and among these the ones that stand in front.
 */
const candidatesAmong = (lists: readonly List[], limit: number): List => {
  const [first, ...others] = lists.filter(({ complete }) => complete).map(({ ids: found }) => new Set(found))
  if (first) return { ids: [...first].filter((id) => others.every((other) => other.has(id))), complete: true }
  const standing = new Map<string, { lists: number; front: number }>()
  for (const { ids } of lists)
    for (const [index, id] of ids.entries()) {
      const known = standing.get(id) ?? { lists: 0, front: index }
      standing.set(id, { lists: known.lists + 1, front: Math.min(known.front, index) })
    }
  const ids = [...standing]
    .toSorted(([, a], [, b]) => b.lists - a.lists || a.front - b.front)
    .map(([id]) => id)
    .slice(0, limit)
  return { ids, complete: false }
}

/** A SKU is of one product; of so many, where they differ in capitals only. */
const maxOwners = 10

const nameOf = ({ by, text }: Lookup): string => `${by} ${text}`

/** Reads each list once, all at the same time. */
const readLists = async (index: SearchTable, lookups: readonly Lookup[], limit: number) => {
  const all = new Map(lookups.map((lookup) => [nameOf(lookup), lookup]))
  const found = await Promise.all(
    [...all].map(async ([name, lookup]): Promise<[string, Entries]> => [name, await index.lookUp(lookup, limit)]),
  )
  return new Map(found)
}

/** A word, or it joined with a neighbour, and where it is looked up. */
type Way = { word: WantedWord; lookup: Lookup }

/** Of all that begins or ends alike, what is wanted. */
const listOf = (ways: readonly Way[], found: ReadonlyMap<string, Entries>): List => {
  const ids = new Set<string>()
  let complete = true
  for (const { word: wanted, lookup } of ways) {
    const read = found.get(nameOf(lookup))
    if (!read?.complete) complete = false
    let last: { word: string; isMet: boolean } | undefined
    for (const { word, id } of read?.entries ?? []) {
      // Those of one word stand together.
      if (last?.word !== word) last = { word, isMet: isMetBy(wanted, lookup, word) }
      if (last.isMet) ids.add(id)
    }
  }
  return { ids: [...ids], complete }
}

type Slot = { word: WantedWord; index: number; own: Way[]; others: Way[] }

const lengthOf = ({ spellings: [word = ''] }: WantedWord): number => word.length

/** The longest words are the rarest; each may be met by itself, by a compound, or joined with a neighbour. */
const slotsOf = ({ words, joins }: Wanted, lists: number): Slot[] =>
  words
    .map((word, index): Slot => {
      const waysOf = (one: WantedWord, lookups: readonly Lookup[]): Way[] =>
        lookups.map((lookup) => ({ word: one, lookup }))
      const neighbours = [joins[index - 1], joins[index]].flatMap((join) => (join ? waysOf(join, lookupsOf(join)) : []))
      const others = [...neighbours, ...waysOf(word, endLookupsOf(word))]
      return { word, index, own: waysOf(word, lookupsOf(word)), others }
    })
    .toSorted((a, b) => lengthOf(b.word) - lengthOf(a.word))
    .slice(0, lists)

/** A word that was not typed so is farther than any way to write one that was. */
const correctionDistance = 3

/** What was meant by words that nothing has. Undefined where all of them are right, or nothing is like them. */
const corrected = async (
  index: SearchTable,
  wanted: Wanted,
  missing: readonly Slot[],
  limit: number,
): Promise<Wanted | undefined> => {
  const corrections = await Promise.all(
    missing.map(async ({ word, index: place }) => {
      const others = await Promise.all(word.spellings.map((spelling) => index.correctionsOf(spelling, limit)))
      return { place, spellings: [...new Set(others.flat())] }
    }),
  )
  if (corrections.every(({ spellings }) => spellings.length === 0)) return undefined
  const words = wanted.words.map((word, place) => {
    const spellings = corrections.find((one) => one.place === place)?.spellings ?? []
    return spellings.length > 0 ? wantedWord(spellings, false, correctionDistance) : word
  })
  return { ...wanted, words }
}

const candidatesOf = async (
  index: SearchTable,
  wanted: Wanted,
  { category }: Filters,
  { candidates, lists, others }: SearchLimits,
): Promise<{ among: List; missing: Slot[] }> => {
  const slots = slotsOf(wanted, lists)
  const further = slots.flatMap((slot) => slot.others).slice(0, others)
  const lookups = [...slots.flatMap(({ own }) => own), ...further].map(({ lookup }) => lookup)
  const [owners, found, shelf] = await Promise.all([
    wanted.sku === undefined ? undefined : index.lookUp({ by: 'word', text: wanted.sku }, maxOwners),
    readLists(index, lookups, candidates),
    category === undefined ? undefined : index.shelf('newest', category, candidates),
  ])
  const listed = slots.map((slot) => ({ slot, list: listOf([...slot.own, ...slot.others], found) }))
  const ofCategory = shelf ? [{ ids: shelf.ids, complete: shelf.next === undefined }] : []
  const among = candidatesAmong([...listed.map(({ list }) => list), ...ofCategory], candidates)
  const ids = among.complete ? among.ids : [...new Set([...(owners?.entries ?? []).map(({ id }) => id), ...among.ids])]
  const missing = listed.flatMap(({ slot, list }) => (list.complete && list.ids.length === 0 ? [slot] : []))
  return { among: { ...among, ids }, missing }
}

/** A category's shelf is a list like those of the words. A word that nothing has is looked for as it may be meant. */
export const candidatesWith = async (
  index: SearchTable,
  wanted: Wanted,
  filters: Filters,
  limits: SearchLimits,
): Promise<Candidates> => {
  const { among, missing } = await candidatesOf(index, wanted, filters, limits)
  const misspelled = missing.filter(({ word }) => word.spellings.some(isSpelled))
  if (misspelled.length === 0 || misspelled.length < missing.length) return { ...among, wanted }
  const meant = await corrected(index, wanted, misspelled, limits.candidates)
  if (!meant) return { ...among, wanted }
  const again = await candidatesOf(index, meant, filters, limits)
  return { ...again.among, wanted: meant }
}
