/** A person's address book: what an address must hold in its country, and which one is the default. Pure. */
import { getCountryData } from 'lib-address/lite'
import type { InputError } from '../../shared/contract/problem.ts'
import type { Address } from '../../shared/contract/schema.ts'

export type Purpose = 'shipping' | 'billing'

export type BookEntry = { id: string; address: Address }

/** While it holds any address, it has one default for each purpose. */
export type AddressBook = {
  userId: string
  entries: readonly BookEntry[]
  /** Ids. */
  defaults: Readonly<Record<Purpose, string>> | undefined
  version: number
}

export const mostAddresses = 50

export const emptyBook = (userId: string): AddressBook => ({ userId, entries: [], defaults: undefined, version: 0 })

/** Some countries' codes are written with or without a space or hyphen; either will do where the pattern has room for one of both. */
const isPostalCode = (pattern: string, postalCode: string): boolean => {
  const whole = new RegExp(`^(?:${pattern})$`)
  const upper = postalCode.toUpperCase()
  return whole.test(upper) || whole.test(upper.replace(/[ -]/g, ''))
}

/**
 * What an address lacks in its country, by Google's address data (libaddressinput). What every address must have is in its
 * schema.
 */
export const addressErrors = ({ country, region, postalCode }: Address): InputError[] => {
  const rules = getCountryData(country)
  if (!rules) return [{ pointer: '/country', code: 'unknown_country', detail: `There is no country ${country}.` }]
  const errors: InputError[] = []
  if (rules.require?.includes('S') && region === undefined)
    errors.push({ pointer: '/region', code: 'required', detail: `An address in ${country} names its region.` })
  if (rules.zip !== null && !isPostalCode(rules.zip, postalCode))
    errors.push({ pointer: '/postalCode', code: 'wrong_pattern', detail: `${country} has no such postal code.` })
  return errors
}

const defaultsOf = (book: AddressBook, id: string, purposes: readonly Purpose[]): Record<Purpose, string> => {
  const before = book.defaults ?? { shipping: id, billing: id }
  return {
    shipping: purposes.includes('shipping') ? id : before.shipping,
    billing: purposes.includes('billing') ? id : before.billing,
  }
}

/** With one address more, or in place of the one with its id; the first is the default for everything. */
export const withEntry = (book: AddressBook, entry: BookEntry, purposes: readonly Purpose[] = []): AddressBook => ({
  ...book,
  entries: book.entries.some(({ id }) => id === entry.id)
    ? book.entries.map((other) => (other.id === entry.id ? entry : other))
    : [...book.entries, entry],
  defaults: defaultsOf(book, entry.id, purposes),
})

/** Where a default goes, the oldest that is left takes its place. */
export const withoutEntry = (book: AddressBook, id: string): AddressBook => {
  const entries = book.entries.filter((entry) => entry.id !== id)
  const heir = entries[0]?.id
  const { defaults } = book
  if (heir === undefined || !defaults) return { ...book, entries, defaults: undefined }
  const orHeir = (chosen: string) => (chosen === id ? heir : chosen)
  return { ...book, entries, defaults: { shipping: orHeir(defaults.shipping), billing: orHeir(defaults.billing) } }
}

/** What an address is the default for. */
export const purposesOf = ({ defaults }: AddressBook, id: string): Purpose[] =>
  (['shipping', 'billing'] as const).filter((purpose) => defaults?.[purpose] === id)
