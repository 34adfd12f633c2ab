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

/** @param now milliseconds since the epoch */
export const idMaker =
  (now: () => number): NewId =>
  (prefix) =>
    `${prefix}_${ulid(now())}`
