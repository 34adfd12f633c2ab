/**
 * All chance of a run comes from its seed and from names. Each decision is a hash of both, not the next number of one
 * sequence: so leaving one fault out of a run leaves the other decisions as they were, and a history can be shrunk.
 */

/** The finishing step of MurmurHash3: every bit of the input reaches every bit of the output. */
const mixed = (value: number): number => {
  let hash = value ^ (value >>> 16)
  hash = Math.imul(hash, 0x85ebca6b)
  hash ^= hash >>> 13
  hash = Math.imul(hash, 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** 32 bits that the seed and the name decide (FNV-1a, mixed). */
export const bitsOf = (seed: number, name: string): number => {
  let hash = mixed(seed + 0x9e3779b9)
  for (let index = 0; index < name.length; index += 1) hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193)
  return mixed(hash)
}

/** A number in [0, 1). */
export const chanceOf = (seed: number, name: string): number => bitsOf(seed, name) / 2 ** 32

const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

const encoded = (value: number, length: number): string => {
  let text = ''
  for (let rest = value; text.length < length; rest = Math.floor(rest / 32)) text = digits.charAt(rest % 32) + text
  return text
}

/** A ULID of that moment whose random part the seed and the name decide. */
export const ulidOf = (seed: number, name: string, milliseconds: number): string =>
  encoded(milliseconds, 10) +
  encoded(bitsOf(seed, `${name}a`), 6) +
  encoded(bitsOf(seed, `${name}b`), 5) +
  encoded(bitsOf(seed, `${name}c`), 5)
