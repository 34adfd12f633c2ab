import * as z from 'zod/mini'
import { consumer, endpoint, service, task } from '../../shared/contract/endpoint.ts'
import { Page, PageQuery, Timestamp, UserId } from '../../shared/contract/schema.ts'
import { findUser, userErasureRequested } from '../published/identity.ts'
import { PublicProfile, publicProfiles } from '../published/profiles.ts'
import { exportPerson, personErased, userFollowed, userUnfollowed } from '../published/relations.ts'
import { feedConsumers, feedEndpoints, feedTasks } from './feed/contract.ts'

/** Someone on a list, and since when they have been: as a follower, as one who is followed, or as a friend. */
export const Person = z.strictObject({ ...PublicProfile.shape, since: Timestamp })

export const Relations = z.strictObject({
  userId: UserId,
  followers: z.int(),
  following: z.int(),
  friends: z.int(),
  /** Between whoever asks and this user. */
  amIFollowing: z.boolean(),
  followsMe: z.boolean(),
})

const userPath = z.strictObject({ userId: UserId })
/** Both edges of a pair, and a part of the counts of both people. */
const writes = ['BatchGetItem', 'PutItem', 'UpdateItem', 'ConditionCheckItem'] as const

export const endpoints = {
  followUser: endpoint({
    method: 'PUT',
    path: '/users/{userId}/follow',
    caller: 'customer',
    summary: 'Follow someone; who follows each other are friends',
    params: userPath,
    success: { status: 204 },
    problems: { CANNOT_FOLLOW_YOURSELF: 409 },
    table: writes,
    calls: [findUser],
  }),
  unfollowUser: endpoint({
    method: 'DELETE',
    path: '/users/{userId}/follow',
    caller: 'customer',
    summary: 'No longer follow someone',
    params: userPath,
    success: { status: 204 },
    table: writes,
  }),
  listFollowers: endpoint({
    method: 'GET',
    path: '/users/{userId}/followers',
    caller: 'shopper',
    summary: 'List who follows someone, newest first',
    params: userPath,
    query: z.strictObject(PageQuery),
    success: { status: 200, body: Page(Person) },
    table: ['Query'],
    calls: [findUser, publicProfiles],
  }),
  listFollowing: endpoint({
    method: 'GET',
    path: '/users/{userId}/following',
    caller: 'shopper',
    summary: 'List whom someone follows, newest first',
    params: userPath,
    query: z.strictObject(PageQuery),
    success: { status: 200, body: Page(Person) },
    table: ['Query'],
    calls: [findUser, publicProfiles],
  }),
  listFriends: endpoint({
    method: 'GET',
    path: '/me/friends',
    caller: 'customer',
    summary: 'List my friends, who follow me and whom I follow, newest first',
    query: z.strictObject(PageQuery),
    success: { status: 200, body: Page(Person) },
    table: ['Query'],
    calls: [publicProfiles],
  }),
  readRelations: endpoint({
    method: 'GET',
    path: '/users/{userId}/relations',
    caller: 'shopper',
    summary: 'Read how many follow someone and are followed by them, and whether they and I follow each other',
    params: userPath,
    success: { status: 200, body: Relations },
    table: ['BatchGetItem', 'Query'],
    calls: [findUser],
  }),
  ...feedEndpoints,
}

const erases = ['Query', 'BatchGetItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'] as const

export const consumers = {
  ...feedConsumers,
  erasePerson: consumer({
    on: [userErasureRequested],
    summary: 'Take a person out of all lists, counts and feeds, and leave what is too much for one run to the task',
    table: ['PutItem', ...erases],
    defers: ['erase-relations'],
  }),
}

export const tasks = {
  ...feedTasks,
  eraseRelations: task({
    message: z.object({ userId: UserId }),
    delaySeconds: 1,
    summary: 'Go on with taking a person out of all lists, counts and feeds',
    table: erases,
    defers: ['erase-relations'],
  }),
}

export const procedures = { exportPerson }
export const events = { userFollowed, userUnfollowed, personErased }

export const relations = service({
  name: 'relations',
  summary: 'who follows whom, and what friends are up to',
  personalData: {
    held: 'whom a person follows, who follows them, and until when each did; what they did that friends were told of, for 90 days',
  },
  table: { indexes: 3, keysOnly: [1, 2, 3] },
  endpoints,
  procedures,
  consumers,
  tasks,
  events,
})
