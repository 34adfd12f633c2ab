/** The part of the contract that is about what the shop holds of a person, and how that goes. */
import * as z from 'zod/mini'
import { endpoint } from '../../../shared/contract/endpoint.ts'
import { ErasureId, ExportRecord } from '../../../shared/contract/personal-data.ts'
import { Timestamp, UserId } from '../../../shared/contract/schema.ts'
import { hashing, Password } from '../schema.ts'
import { personalDataServices } from './personal-data-services.ts'

/** Says how far an erasure is, and nothing of the person. */
export const Receipt = z.strictObject({
  id: ErasureId,
  status: z.enum(['erasing', 'erased']),
  requestedAt: Timestamp,
  services: z.array(
    z.strictObject({
      service: z.string(),
      status: z.enum(['erasing', 'erased']),
      finishedAt: z.optional(Timestamp),
    }),
  ),
})

export const Export = z.strictObject({
  userId: UserId,
  exportedAt: Timestamp,
  /** By service; what it is, and all that is held of it. */
  services: z.record(z.string(), z.array(ExportRecord)),
  next_cursor: z.nullable(z.string()),
})

export const personEndpoints = {
  exportMe: endpoint({
    method: 'GET',
    path: '/me/export',
    caller: 'shopper',
    summary: 'Have all that the shop holds of me, service by service',
    query: z.strictObject({ cursor: z.optional(z.string().check(z.maxLength(6000))) }),
    success: { status: 200, body: Export },
    calls: personalDataServices.map(({ exportPerson }) => exportPerson),
  }),
  eraseMe: endpoint({
    method: 'DELETE',
    path: '/me',
    caller: 'shopper',
    summary: 'End my account and erase me; an account whose log-in is older than 15 minutes gives its password',
    body: z.strictObject({ password: z.optional(Password) }),
    success: { status: 202, body: Receipt },
    problems: { NOT_FOUND: 404, REAUTHENTICATION_REQUIRED: 403, WRONG_PASSWORD: 403, STAFF_ACCOUNT: 409 },
    table: ['BatchGetItem', 'GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'],
    ...hashing,
  }),
  readErasure: endpoint({
    method: 'GET',
    path: '/erasures/{erasureId}',
    caller: 'anyone',
    summary:
      'Read the receipt of an erasure: which service has finished, and when; its id is known to the person alone',
    params: z.strictObject({ erasureId: ErasureId }),
    success: { status: 200, body: Receipt },
    table: ['GetItem'],
  }),
}
