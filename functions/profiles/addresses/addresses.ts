/** A person's address book: its addresses, and which of them is the default. Pure. */
import type { Address } from '../../../shared/contract/schema.ts'

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
