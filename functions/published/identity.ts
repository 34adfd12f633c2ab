/** The published language of identity: what may be asked of it and what it tells. */
import * as z from 'zod/mini'
import { procedure } from '../../shared/contract/endpoint.ts'
import { event } from '../../shared/contract/event.ts'
import { ErasureId, exportPersonOf, personErasedBy } from '../../shared/contract/personal-data.ts'
import { Email, KeptEmail, Text, Timestamp, UserId } from '../../shared/contract/schema.ts'

export const createStaff = procedure({
  service: 'identity',
  name: 'create-staff',
  summary:
    'Make a staff account, or of the account that is there, with a new password and no session; for operators, by their AWS credentials',
  input: z.strictObject({
    email: Email,
    password: z.string().check(z.minLength(1), z.maxLength(512), z.normalize('NFC')),
  }),
  output: z.union([
    z.strictObject({ outcome: z.enum(['created', 'promoted', 'unchanged']), userId: UserId }),
    z.strictObject({ outcome: z.literal('refused'), detail: z.string() }),
  ]),
  table: ['GetItem', 'PutItem'],
  memoryMegabytes: 1769,
})

export const findUser = procedure({
  service: 'identity',
  name: 'find-user',
  summary: 'Tell whether someone has an account, and how they called themselves when they made it',
  input: z.strictObject({ userId: UserId }),
  output: z.strictObject({
    user: z.optional(z.strictObject({ id: UserId, nickname: z.optional(Text(40)), createdAt: Timestamp })),
  }),
  table: ['GetItem'],
})

export const findContact = procedure({
  service: 'identity',
  name: 'find-contact',
  summary: 'Tell where mail to the owner of an account goes; nothing of someone who has none',
  input: z.strictObject({ userId: UserId }),
  output: z.strictObject({ email: z.optional(KeptEmail) }),
  table: ['GetItem'],
})

export const exportPerson = exportPersonOf('identity', ['GetItem', 'Query', 'BatchGetItem'])

export const userRegistered = event({
  service: 'identity',
  type: 'user.registered',
  schemaVersion: 1,
  summary: 'Someone has made an account',
  data: z.object({ userId: UserId, nickname: z.optional(Text(40)) }),
})

export const userErasureRequested = event({
  service: 'identity',
  type: 'user.erasure-requested',
  schemaVersion: 1,
  summary: 'Someone, guest or customer, wishes to be erased; said again until every service has done it',
  data: z.object({
    userId: UserId,
    erasureId: ErasureId,
    /** No order of theirs is under way any more: what was kept to fulfil them is to go too. */
    ordersSettled: z.boolean(),
  }),
})

export const personErased = personErasedBy('identity')
