/** Identifiers: a prefix that names the kind, and a ULID that sorts by time (`ord_01J…`). */
import { ulid } from 'ulid'

export type IdPrefix =
  | 'adr'
  | 'ord'
  | 'prd'
  | 'pay'
  | 'crt'
  | 'shp'
  | 'usr'
  | 'gst'
  | 'evt'
  | 'rsv'
  | 'rfd'
  | 'mov'
  | 'msg'
  | 'fam'
  | 'jti'
  | 'led'
  | 'ret'
  | 'nte'
  | 'rev'
  | 'imp'

/** Makes a new identifier; part of what functions are given, so that a simulation can supply its own. */
export type NewId = (prefix: IdPrefix) => string

/** @param now milliseconds since the epoch */
export const idMaker =
  (now: () => number): NewId =>
  (prefix) =>
    `${prefix}_${ulid(now())}`
