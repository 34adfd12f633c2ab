import * as z from 'zod/mini'
import { event } from '../../shared/contract/event.ts'
import { Text, UserId } from '../../shared/contract/schema.ts'

export const userRegistered = event({
  service: 'identity',
  type: 'user.registered',
  schemaVersion: 1,
  summary: 'Someone has made an account',
  data: z.object({ userId: UserId, nickname: z.optional(Text(40)) }),
})
