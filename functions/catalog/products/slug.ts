/** Names in addresses, in any script. Pure. */

/** UTF-16 units of what a title gives; a slug that is given may have 100. */
const maxDerived = 80

/** Letters that Unicode does not take apart, though their readers do. */
const alike = new Map([
  ['ß', 'ss'],
  ['æ', 'ae'],
  ['œ', 'oe'],
  ['ø', 'o'],
  ['đ', 'd'],
  ['ł', 'l'],
])

/** Cuts without leaving half of a character behind. @param max UTF-16 units */
export const cut = (text: string, max: number): string => {
  const short = text.slice(0, max)
  return /[\ud800-\udbff]$/.test(short) ? short.slice(0, -1) : short
}

const hyphenated = (text: string): string =>
  cut(text.replace(/[^\p{Ll}\p{Lo}\p{Lm}\p{M}\p{N}]+/gu, '-').replace(/^-+|-+$/g, ''), maxDerived).replace(/-+$/, '')

/**
 * A title as a part of an address: `Kupferkessel, groß` -> `kupferkessel-gross`, `USB-C 数据线` -> `usb-c-数据线`. Latin
 * letters lose their accents, those of other scripts are kept. Empty when there is neither letter nor number.
 */
export const slugOf = (title: string): string =>
  hyphenated(
    title
      .normalize('NFKC')
      .toLowerCase()
      .normalize('NFD')
      .replace(/(\p{Script=Latin})\p{M}+/gu, '$1')
      .replace(/[ßæœøđł]/g, (letter) => alike.get(letter) ?? letter)
      .normalize('NFC'),
  )

/** FNV-1a, 64 bits folded to 40, in base 36: tells texts apart of which not everything can be kept. Nothing secret is in it. */
export const fingerprint = (text: string): string => {
  let hash = 0xcbf29ce484222325n
  for (const byte of new TextEncoder().encode(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n)
  return BigInt.asUintN(40, hash ^ (hash >> 40n)).toString(36)
}

const slugForm = /^[\p{Ll}\p{Lo}\p{Lm}\p{M}\p{N}]+(?:-[\p{Ll}\p{Lo}\p{Lm}\p{M}\p{N}]+)*$/u

/**
 * A name that others gave (a handle, the value of an option) as a slug. Capitals do not matter; other names that differ
 * give slugs that differ: where a sign is lost, or the end, a fingerprint of the whole stands in for it.
 */
export const slugFrom = (name: string): string => {
  const text = name.normalize('NFC').toLowerCase().normalize('NFC')
  if (text.length <= 100 && slugForm.test(text)) return text
  return [hyphenated(text), fingerprint(text)].filter((part) => part !== '').join('-')
}
