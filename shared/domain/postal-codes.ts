/** Postal codes as people write them, brought into the form that their country's post prints. Pure. */

/** What people put before a postal code beside the country's ISO code: its sign on cars (`D-10115`), or a part's own (`AX-22100`). */
const signs: ReadonlyMap<string, readonly string[]> = new Map([
  ['AT', ['A']],
  ['BE', ['B']],
  ['DE', ['D']],
  ['DK', ['GL']],
  ['ES', ['E']],
  ['FI', ['FIN', 'AX']],
  ['FR', ['F']],
  ['HU', ['H']],
  ['IT', ['I']],
  ['LI', ['FL']],
  ['LU', ['L']],
  ['MC', ['F']],
  ['NO', ['N']],
  ['PT', ['P']],
  ['RU', ['RUS']],
  ['SE', ['S']],
  ['SI', ['SLO']],
])

/** Where a sign stands in a code: after so many characters, or, negative, before so many at the end. */
type Separator = { at: number; sign: ' ' | '-'; length?: number }

const british: Separator = { at: -3, sign: ' ' }
const threeTwo: Separator = { at: 3, sign: ' ' }

/** Of the national posts' own rules for writing codes, by the Universal Postal Union's "Addressing S42". */
const separators: ReadonlyMap<string, Separator> = new Map([
  ...['GB', 'GG', 'IM', 'JE', 'CA', 'GI', 'FK', 'GS', 'IO', 'PN', 'SH', 'TC'].map((country): [string, Separator] => [
    country,
    british,
  ]),
  ...['CZ', 'GR', 'SE', 'SK'].map((country): [string, Separator] => [country, threeTwo]),
  ['NL', { at: 4, sign: ' ' }],
  ['IE', { at: 3, sign: ' ' }],
  ['BM', { at: 2, sign: ' ' }],
  ['MT', { at: 3, sign: ' ' }],
  ['PL', { at: 2, sign: '-' }],
  ['PT', { at: 4, sign: '-' }],
  ['BR', { at: 5, sign: '-' }],
  ['JP', { at: 3, sign: '-' }],
  ['KY', { at: 3, sign: '-' }],
  ['US', { at: 5, sign: '-', length: 9 }],
  ['PR', { at: 5, sign: '-', length: 9 }],
])

const separated = (country: string, code: string): string => {
  const separator = separators.get(country)
  const bare = code.replace(/[ -]/g, '')
  if (!separator || (separator.length !== undefined && bare.length !== separator.length)) return code
  // The British forces' codes are one word and a number.
  if (bare.startsWith('BFPO')) return `BFPO ${bare.slice(4)}`
  return `${bare.slice(0, separator.at)}${separator.sign}${bare.slice(separator.at)}`
}

/** The same code without the country's sign before it; the code itself where there is none. */
const withoutSign = (country: string, code: string): string => {
  const sign = [country, ...(signs.get(country) ?? [])].find((prefix) => new RegExp(`^${prefix}[ -]*\\d`).test(code))
  return sign ? code.slice(sign.length).replace(/^[ -]+/, '') : code
}

/** The digit nought of the scripts whose digits people type numbers with; the others follow it. */
const noughts = [...'٠۰०০੦૦୦௦౦೦൦๐໐༠၀០'].map((nought) => nought.codePointAt(0) ?? 0)

const asciiDigit = (digit: string): string => {
  const code = digit.codePointAt(0) ?? 0
  const nought = noughts.find((first) => code >= first && code < first + 10)
  return nought === undefined ? digit : String(code - nought)
}

/** As posts print it, in capitals: of Japanese writing also its wide forms (NFKC), its long dash, and the postal mark before a code. */
const inAscii = (written: string): string =>
  written
    .normalize('NFKC')
    .replace(/^[\u3012\u3036]\s*/, '')
    .replace(/\p{Nd}/gu, asciiDigit)
    .toUpperCase()
    .replace(/[\u2010-\u2015\u2212\u30fc]/g, '-')
    .replace(/\s+/g, ' ')
    .trim()

/**
 * @param pattern of the country's codes, as Google's address data gives it
 * @returns the code in its country's form, or undefined where it is none of that country's
 */
export const canonicalPostalCode = (country: string, pattern: string, written: string): string | undefined => {
  const whole = new RegExp(`^(?:${pattern})$`)
  const upper = inAscii(written)
  const plain = withoutSign(country, upper)
  const bare = plain.replace(/[ -]/g, '')
  // Some countries' codes begin with the country's own (AD500, LV-1010, BB15094), and people leave it out.
  const forms = [
    bare,
    upper,
    plain,
    separated(country, bare),
    separated(country, upper.replace(/[ -]/g, '')),
    `${country}${bare}`,
    `${country}-${bare}`,
  ]
  const found = forms.find((form) => whole.test(form))
  return found === undefined ? undefined : separated(country, found)
}
