import * as z from 'zod/mini'
import { consumer, endpoint, service } from '../../shared/contract/endpoint.ts'
import { Address, Currency, Id, Text, Timestamp, UserId, Version } from '../../shared/contract/schema.ts'
import { userRegistered } from '../identity/events.ts'
import { findUser } from '../identity/procedures.ts'
import { profileUpdated } from './events.ts'
import { PublicProfile, publicProfiles } from './procedures.ts'

/** Empty where none is wished for. One line: it stands among others' words. */
const Nickname = Text(40, 0).check(z.regex(/^[^\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]*$/u))
const Bio = Text(500, 0)

/** BCP 47: language, and script and region where they matter (`de`, `pt-BR`, `zh-Hant-TW`). */
const Language = z.string().check(z.maxLength(11), z.regex(/^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$/))

const currencies = new Set(Intl.supportedValuesOf('currency'))

const Wishes = {
  language: Language,
  currency: Currency.check(z.refine((code) => currencies.has(code), 'no currency of ISO 4217')),
  theme: z.enum(['system', 'light', 'dark']),
  marketingConsent: z.boolean(),
  showsActivity: z.boolean(),
}

export const Profile = z.strictObject({
  userId: UserId,
  nickname: Nickname,
  bio: Bio,
  avatarUrl: z.string(),
  preferences: z.strictObject({
    ...Wishes,
    /** When consent was last given or withdrawn. */
    marketingConsentAt: z.optional(Timestamp),
  }),
  version: Version,
})

const AddressId = Id('adr')
const Purposes = z.array(z.enum(['shipping', 'billing'])).check(z.maxLength(2))

/** `defaultFor` adds to what the address is the default for; a default ends when another address becomes it. */
const AddressInput = z.extend(Address, { defaultFor: z.optional(Purposes) })
export const SavedAddress = z.extend(Address, { id: AddressId, defaultFor: Purposes })

const addressPath = z.strictObject({ addressId: AddressId })

export const endpoints = {
  readMe: endpoint({
    method: 'GET',
    path: '/me',
    caller: 'customer',
    summary: 'Read my profile and preferences',
    success: { status: 200, body: Profile },
    table: ['GetItem', 'PutItem'],
    calls: [findUser],
  }),
  changeMe: endpoint({
    method: 'PATCH',
    path: '/me',
    caller: 'customer',
    summary: 'Change what is given of my profile and preferences; an empty text takes one away',
    body: z.strictObject({
      nickname: z.optional(Nickname),
      bio: z.optional(Bio),
      preferences: z.optional(z.partial(z.strictObject(Wishes))),
    }),
    success: { status: 200, body: Profile },
    table: ['GetItem', 'PutItem'],
    calls: [findUser],
  }),
  readProfile: endpoint({
    method: 'GET',
    path: '/users/{userId}/profile',
    caller: 'anyone',
    summary: 'See how a user is shown to others',
    params: z.strictObject({ userId: UserId }),
    success: { status: 200, body: PublicProfile },
    table: ['GetItem'],
    calls: [findUser],
  }),
  listAddresses: endpoint({
    method: 'GET',
    path: '/me/addresses',
    caller: 'customer',
    summary: 'List my addresses, the oldest first; the ETag is that of all together',
    success: { status: 200, body: z.strictObject({ data: z.array(SavedAddress).check(z.maxLength(50)) }) },
    table: ['GetItem'],
  }),
  addAddress: endpoint({
    method: 'POST',
    path: '/me/addresses',
    caller: 'customer',
    summary: 'Keep an address, up to 50; the first is the default for shipping and billing',
    body: AddressInput,
    success: { status: 201, body: SavedAddress },
    problems: { TOO_MANY_ADDRESSES: 409 },
    idempotency: 'honoured',
    table: ['GetItem', 'PutItem'],
  }),
  readAddress: endpoint({
    method: 'GET',
    path: '/me/addresses/{addressId}',
    caller: 'customer',
    summary: 'Read an address of mine',
    params: addressPath,
    success: { status: 200, body: SavedAddress },
    table: ['GetItem'],
  }),
  replaceAddress: endpoint({
    method: 'PUT',
    path: '/me/addresses/{addressId}',
    caller: 'customer',
    summary: 'Put another address in place of one, or make it the default',
    params: addressPath,
    body: AddressInput,
    success: { status: 200, body: SavedAddress },
    table: ['GetItem', 'PutItem'],
  }),
  removeAddress: endpoint({
    method: 'DELETE',
    path: '/me/addresses/{addressId}',
    caller: 'customer',
    summary: 'Remove an address; of a default, the oldest that is left takes the place',
    params: addressPath,
    success: { status: 204 },
    table: ['GetItem', 'PutItem'],
  }),
}

export const consumers = {
  openProfile: consumer({
    on: [userRegistered],
    summary: 'Give each new user a profile',
    table: ['PutItem'],
  }),
}

export const procedures = { publicProfiles }
export const events = { profileUpdated }

export const profiles = service({
  name: 'profiles',
  summary: 'profiles, preferences and addresses',
  table: { indexes: 0 },
  endpoints,
  procedures,
  consumers,
  events,
})
