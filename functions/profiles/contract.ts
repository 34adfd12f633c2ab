import * as z from 'zod/mini'
import { consumer, endpoint, service } from '../../shared/contract/endpoint.ts'
import { UserId } from '../../shared/contract/schema.ts'
import { userRegistered } from '../identity/events.ts'
import { findUser } from '../identity/procedures.ts'
import { profileUpdated } from './events.ts'
import { PublicProfile, publicProfiles } from './procedures.ts'

export const endpoints = {
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
