/** Identifiers: a prefix that names the kind, and a ULID that sorts by time (`ord_01J…`). */
import { ulid } from 'ulid'

export type IdPrefix =
  | 'adr'
  | 'ord'
  | 'prd'
  | 'crt'
  | 'shp'
  | 'usr'
  | 'gst'
  | 'evt'
  | 'rfd'
  | 'mov'
  | 'fam'
  | 'jti'
  | 'ret'
  | 'nte'
  | 'rev'
  | 'imp'

/** Makes a new identifier; part of what functions are given, so that a simulation can supply its own. */
export type NewId = (prefix: IdPrefix) => string

const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** When an identifier was made, as its ULID says: milliseconds since the epoch. */
export const timeOf = (id: string): number =>
  [...id.slice(id.indexOf('_') + 1).slice(0, 10)].reduce((time, digit) => time * 32 + digits.indexOf(digit), 0)

/**
 * The identifier that a hash stands for: the same whenever it is made, so it does not sort by time.
 * @param hash SHA-256 in Base64url
 */
export const idOfHash = (prefix: IdPrefix, hash: string): string =>
  `${prefix}_${[...Buffer.from(hash, 'base64url').subarray(0, 26)].map((byte) => digits.charAt(byte & 31)).join('')}`

/** @param now milliseconds since the epoch */
export const idMaker =
  (now: () => number): NewId =>
  (prefix) =>
    `${prefix}_${ulid(now())}`
