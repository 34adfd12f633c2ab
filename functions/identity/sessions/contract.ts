/** The part of the contract that is about accounts and sessions. Apart, since what logs people in should load no more than that. */
import * as z from 'zod/mini'
import { endpoint } from '../../../shared/contract/endpoint.ts'
import { metric } from '../../../shared/contract/metric.ts'
import { Email, KeptEmail, Text, Timestamp, UserId } from '../../../shared/contract/schema.ts'
import { hashing, maxRoleChanges, operator, Password } from '../schema.ts'

export const Role = z.enum(['staff'])
const Roles = z.array(Role).check(z.maxLength(5))

export const User = z.strictObject({ id: UserId, email: KeptEmail, roles: Roles, createdAt: Timestamp })

export const Tokens = z.strictObject({
  accessToken: z.string(),
  refreshToken: z.string(),
  tokenType: z.literal('Bearer'),
  /** Seconds. */
  expiresIn: z.int(),
})

/** The latest changes of someone's roles, the newest last. */
export const RoleRecord = z.strictObject({
  userId: UserId,
  roles: Roles,
  changes: z
    .array(z.strictObject({ at: Timestamp, by: z.union([UserId, z.literal(operator)]), roles: Roles }))
    .check(z.maxLength(maxRoleChanges)),
})

const Credentials = { email: Email, password: Password }
const RefreshToken = z.string().check(z.minLength(1), z.maxLength(200))

export const authEndpoints = {
  register: endpoint({
    method: 'POST',
    path: '/auth/register',
    caller: 'anyone',
    summary: 'Make an account and log in',
    body: z.strictObject({ ...Credentials, nickname: z.optional(Text(40)) }),
    success: { status: 201, body: z.strictObject({ user: User, tokens: Tokens }) },
    problems: { EMAIL_TAKEN: 409, PASSWORD_TOO_WEAK: 400 },
    table: ['GetItem', 'PutItem', 'UpdateItem'],
    uses: ['signing-key'],
    ...hashing,
  }),
  login: endpoint({
    method: 'POST',
    path: '/auth/login',
    caller: 'anyone',
    summary: 'Log in with e-mail address and password; a refresh token of an earlier session shows a known device',
    body: z.strictObject({ ...Credentials, refreshToken: z.optional(RefreshToken) }),
    success: { status: 200, body: z.strictObject({ user: User, tokens: Tokens }) },
    problems: { WRONG_CREDENTIALS: 401 },
    table: ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'],
    uses: ['signing-key'],
    ...hashing,
  }),
  refresh: endpoint({
    method: 'POST',
    path: '/auth/refresh',
    caller: 'anyone',
    summary: 'Exchange a refresh token for new tokens; each can be used once',
    body: z.strictObject({ refreshToken: RefreshToken }),
    success: { status: 200, body: z.strictObject({ tokens: Tokens }) },
    problems: { INVALID_REFRESH_TOKEN: 401 },
    table: ['GetItem', 'PutItem'],
    uses: ['signing-key'],
  }),
  logout: endpoint({
    method: 'POST',
    path: '/auth/logout',
    caller: 'anyone',
    summary: 'End the session that a refresh token belongs to',
    body: z.strictObject({ refreshToken: RefreshToken }),
    success: { status: 204 },
    table: ['GetItem', 'PutItem'],
  }),
  guest: endpoint({
    method: 'POST',
    path: '/auth/guest',
    caller: 'anyone',
    summary: 'Begin a session without an account',
    success: { status: 201, body: z.strictObject({ tokens: Tokens }) },
    table: ['PutItem'],
    uses: ['signing-key'],
  }),
  setRoles: endpoint({
    method: 'PUT',
    path: '/users/{userId}/roles',
    caller: 'staff',
    staffCheck: 'in-function',
    summary: 'Say which roles a user has: given with their next access token, taken away within half a minute',
    params: z.strictObject({ userId: UserId }),
    body: z.strictObject({ roles: Roles }),
    success: { status: 200, body: User },
    problems: { PASSWORD_TOO_SHORT_FOR_STAFF: 409, OWN_ROLE: 409 },
    table: ['BatchGetItem', 'PutItem', 'ConditionCheckItem'],
  }),
  readRoles: endpoint({
    method: 'GET',
    path: '/users/{userId}/roles',
    caller: 'staff',
    staffCheck: 'in-function',
    summary: 'Read which roles a user has, and who gave and took them',
    params: z.strictObject({ userId: UserId }),
    success: { status: 200, body: RoleRecord },
    table: ['BatchGetItem'],
  }),
}

export const authMetrics = {
  refreshTokenReuse: metric({
    name: 'RefreshTokenReuse',
    summary: 'Refresh tokens used twice: stolen, or kept by a client that should not',
  }),
  signaturesThrottled: metric({
    name: 'SignaturesThrottled',
    summary: 'Tokens that KMS did not sign, being asked for too many at once',
    alarm: {
      says: 'KMS signs no more tokens at a time: people cannot log in, or are logged out',
      runbook: 'signatures-throttled',
      minutes: 5,
      times: 1,
    },
  }),
}
