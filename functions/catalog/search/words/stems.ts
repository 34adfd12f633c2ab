/**
 * Forms of one word: `kettles` and `kettle`, `Lampen` and `Lampe`, `Bücher` and `Buch`. Nobody says in which language a text
 * is, so every ending that may be one of English or German (for Cyrillic letters, of Russian) is taken off as well as left:
 * two words are forms of one where they have a base in common. After the S-stemmer (D. Harman, "How effective is
 * suffixing?", 1991) and the light stemmers of J. Savoy (2006); gentler than Porter's, since what is found wrongly annoys. Pure.
 */

/** Letters that a base has at least. */
const shortestBase = 3

/** Both ways. */
const irregular: ReadonlyMap<string, string> = new Map(
  [
    ['child', 'children'],
    ['foot', 'feet'],
    ['goose', 'geese'],
    ['man', 'men'],
    ['mouse', 'mice'],
    ['tooth', 'teeth'],
    ['woman', 'women'],
  ].flatMap(([one = '', many = '']): [string, string][] => [
    [one, many],
    [many, one],
  ]),
)

/** Words that only look as if they were forms of others: `linen` is not many lines. */
const unlike = new Set(['chicken', 'dozen', 'linen', 'news', 'oven', 'pollen', 'raven', 'siren', 'token'])

const adjective =
  /^(alt|blau|braun|bunt|gelb|gold|grau|gross|gruen|grun|hell|klein|kurz|lang|neu|rosa|rot|schwarz|silber|warm|weich|weiss)(e|em|en|er|es)$/
/** German plurals in -er without an umlaut, also at the end of compounds. */
const pluralInEr = /(bild|brett|feld|kind|kleid|licht|lied|nest|schild)er$/
/** `Gläser`, `Töpfe`, as they are written without umlauts. */
const umlauts = /(a|o|u)e(?=[^aeiou]*(?:er|e)$)/
/** Where an `e` may be an ending. It is none after one short vowel and one consonant: `cape`, `tube`, `plane`. */
const beforeE = /(?:[^aeiouy]{2}|[aeiou]{2}[^aeiouy]|h|[aeiouy][^aeiouy]+[aeiouy][^aeiouy]+)$/

/** By ending: what of a word is left, or takes its place. */
const rules: readonly ((word: string) => (string | undefined)[])[] = [
  (word) => (/[^s]s$/.test(word) ? [word.slice(0, -1)] : []),
  (word) => (/(?:[osxz]|[cs]h)es$/.test(word) ? [word.slice(0, -2)] : []),
  (word) => (word.endsWith('ies') ? [`${word.slice(0, -3)}y`] : []),
  (word) => (word.endsWith('ves') ? [`${word.slice(0, -3)}f`, `${word.slice(0, -3)}fe`] : []),
  (word) => (/[^e]en$/.test(word) ? [word.slice(0, -1), word.slice(0, -2)] : []),
  (word) => (/innen$/.test(word) ? [word.slice(0, -3)] : []),
  (word) => (/[^aeiou]e[lr]n$/.test(word) ? [word.slice(0, -1)] : []),
  (word) => (word.endsWith('e') && beforeE.test(word.slice(0, -1)) ? [word.slice(0, -1)] : []),
  (word) => (pluralInEr.test(word) ? [word.slice(0, -2)] : []),
  (word) => (umlauts.test(word) ? [word.replace(umlauts, '$1').replace(/er?$/, '')] : []),
  (word) => [adjective.exec(word)?.[1]],
  (word) => [irregular.get(word)],
]

const russian = /(?:ами|ями|ого|его|ах|ях|ов|ев|ам|ям|ом|ем|ои|еи|ыи|ии|ая|яя|ое|ее|ые|ие|а|я|о|е|ы|и|у|ю|ь)$/

/** Whether the word may have other forms: a word of letters that are known here, long enough. */
export const isInflected = (word: string): boolean => /^(?:[a-z]{3,}|[а-я]{4,})$/.test(word)

const madeBases = (word: string): string[] => {
  if (!isInflected(word) || unlike.has(word)) return [word]
  const bases = /^[а-я]/.test(word) ? [word.replace(russian, '')] : rules.flatMap((rule) => rule(word))
  const long = bases.flatMap((base) => (base !== undefined && base.length >= shortestBase ? [base] : []))
  return [...new Set([word, ...long])]
}

/** Words whose bases an instance remembers: a search compares many with the same few. */
const remembered = 20_000
const known = new Map<string, readonly string[]>()

/** What the word may be a form of, itself included. */
export const basesOf = (word: string): readonly string[] => {
  const before = known.get(word)
  if (before) return before
  const bases = madeBases(word)
  if (known.size >= remembered) known.clear()
  known.set(word, bases)
  return bases
}

/** With which all forms of a base begin: `berr` for `berry` and `berries`, `shel` for `shelf` and `shelves`; not of `Topf`. */
const trimmed = (base: string): string => (base.length > shortestBase ? base.replace(/(?:y|(?<![fp])fe?)$/, '') : base)

/** The shortest beginnings such that every other form of these words begins with one of them. */
export const stemsOf = (words: readonly string[]): string[] => {
  const stems = [...new Set(words.flatMap((word) => (isInflected(word) ? basesOf(word).map(trimmed) : [word])))]
  return stems.filter((stem) => !stems.some((other) => other !== stem && stem.startsWith(other)))
}

const shortestOf = (texts: readonly string[]): string => texts.reduce((a, b) => (b.length < a.length ? b : a))

/** With which all forms of the word begin, as far as that can be said of one. */
export const stemOf = (word: string): string => shortestOf(stemsOf([word]))

/** Whether words that are told apart at their ends only belong together. */
export const haveCommonBase = (bases: readonly string[], word: string): boolean =>
  basesOf(word).some((base) => bases.includes(base))

/** Ends of compounds have four letters at least, but for these. */
const shortEnds = new Set(['rad', 'uhr'])
/** What stands before the end of a compound: three letters, a vowel among them. */
const head = /^(?=.*[aeiouy]).{3,}$/

/**
 * What a word is looked for by its end: `tischlamp` for `Tischlampen`, which `Lampe` shall find. Undefined for a word that
 * is no compound: too short, or an adjective whose ending merely sounds like a noun (`portable`).
 */
export const compoundOf = (word: string): string | undefined => {
  if (!/^[a-z]{6,}$/.test(word) || /[ai]bles?$/.test(word)) return undefined
  const stem = stemOf(word)
  return stem.length > 6 || [...shortEnds].some((end) => stem.endsWith(end) && stem.length > 5) ? stem : undefined
}

/** What may be the end of a compound; not `king`, with which `baking` ends. */
export const endOf = (word: string): string | undefined => {
  if (!/^[a-z]{3,}$/.test(word)) return undefined
  const stem = stemOf(word)
  return (stem.length > 3 && !/^[^r]ing$/.test(stem)) || shortEnds.has(stem) ? stem : undefined
}

/** @param end as `endOf` gives it @param compound as `compoundOf` gives it */
export const isEndOf = (end: string, compound: string): boolean =>
  compound.endsWith(end) && head.test(compound.slice(0, -end.length))
