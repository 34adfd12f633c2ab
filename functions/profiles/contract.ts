import * as z from 'zod/mini'
import { consumer, endpoint, schedule, service } from '../../shared/contract/endpoint.ts'
import { Address, AddressInput, Id, UserId } from '../../shared/contract/schema.ts'
import { findUser, userErasureRequested, userRegistered } from '../published/identity.ts'
import { exportPerson, PublicProfile, personErased, profileUpdated, publicProfiles } from '../published/profiles.ts'
import { pictureEndpoints } from './pictures/contract.ts'
import { Bio, Nickname, Profile, Wishes } from './schema.ts'

const AddressId = Id('adr')
const Purposes = z.array(z.enum(['shipping', 'billing'])).check(z.maxLength(2))

/** `defaultFor` adds to what the address is the default for; a default ends when another address becomes it. */
export const AddressToKeep = z.extend(AddressInput, { defaultFor: z.optional(Purposes) })
export const SavedAddress = z.extend(Address, { id: AddressId, defaultFor: Purposes })

const addressPath = z.strictObject({ addressId: AddressId })

export const endpoints = {
  readMe: endpoint({
    method: 'GET',
    path: '/me',
    caller: 'customer',
    summary: 'Read my profile and preferences',
    success: { status: 200, body: Profile },
    problems: { NOT_FOUND: 404 },
    table: ['GetItem', 'PutItem', 'ConditionCheckItem'],
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
    problems: { NOT_FOUND: 404 },
    table: ['GetItem', 'PutItem', 'ConditionCheckItem'],
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
    body: AddressToKeep,
    success: { status: 201, body: SavedAddress },
    problems: { NOT_FOUND: 404, TOO_MANY_ADDRESSES: 409 },
    idempotency: 'honoured',
    table: ['GetItem', 'PutItem', 'ConditionCheckItem'],
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
    body: AddressToKeep,
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
  ...pictureEndpoints,
}

export const consumers = {
  openProfile: consumer({
    on: [userRegistered],
    summary: 'Give each new user a profile',
    table: ['PutItem', 'ConditionCheckItem'],
  }),
  erasePerson: consumer({
    on: [userErasureRequested],
    summary: "Delete a person's profile, addresses and pictures",
    table: ['Query', 'PutItem', 'UpdateItem', 'DeleteItem'],
    uses: ['remove-pictures'],
  }),
}

export const schedules = {
  removePictures: schedule({
    everyMinutes: 15,
    summary: 'Remove pictures by which nobody is shown any more, or never was',
    table: ['Query', 'UpdateItem', 'DeleteItem'],
    uses: ['remove-pictures'],
    timeoutSeconds: 50,
  }),
}

export const procedures = { publicProfiles, exportPerson }
export const events = { profileUpdated, personErased }

export const profiles = service({
  name: 'profiles',
  summary: 'profiles, pictures, preferences and addresses',
  personalData: { held: 'nickname, bio, picture, preferences, consent to marketing, addresses' },
  table: { indexes: 1, keysOnly: [1] },
  endpoints,
  procedures,
  consumers,
  schedules,
  events,
})
