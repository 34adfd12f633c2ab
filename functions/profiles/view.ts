/** Profiles and addresses as their owner sees them. */
import type * as z from 'zod/mini'
import { type AddressBook, type BookEntry, purposesOf } from './addresses/addresses.ts'
import type { SavedAddress } from './contract.ts'
import { avatarUrlOf, type Profile } from './domain.ts'
import type { Profile as ProfileSchema } from './schema.ts'

export const viewOf = ({
  userId,
  nickname,
  bio,
  avatar,
  preferences,
  version,
}: Profile): z.input<typeof ProfileSchema> => ({
  userId,
  nickname,
  bio,
  avatarUrl: avatarUrlOf(avatar),
  preferences,
  version,
})

export const answerOf = (profile: Profile) => ({ body: viewOf(profile), version: profile.version })

export const addressViewOf = (book: AddressBook, { id, address }: BookEntry): z.input<typeof SavedAddress> => ({
  id,
  ...address,
  defaultFor: purposesOf(book, id),
})

/** The ETag is the whole book's, since a default that moves changes two addresses at once. */
export const addressAnswerOf = (book: AddressBook, id: string) => {
  const entry = book.entries.find((kept) => kept.id === id)
  return entry && { body: addressViewOf(book, entry), version: book.version }
}
