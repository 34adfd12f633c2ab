import * as z from 'zod/mini'
import { event } from '../../shared/contract/event.ts'
import { ErasureId, personErasedBy } from '../../shared/contract/personal-data.ts'
import { Text, UserId } from '../../shared/contract/schema.ts'

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
