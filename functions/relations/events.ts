import * as z from 'zod/mini'
import { event } from '../../shared/contract/event.ts'
import { personErasedBy } from '../../shared/contract/personal-data.ts'
import { UserId } from '../../shared/contract/schema.ts'

const Following = z.object({ followerId: UserId, followedId: UserId })

export const userFollowed = event({
  service: 'relations',
  type: 'user.followed',
  schemaVersion: 1,
  summary: 'Someone follows someone else from now on',
  data: Following,
})

export const userUnfollowed = event({
  service: 'relations',
  type: 'user.unfollowed',
  schemaVersion: 1,
  summary: 'Someone no longer follows someone else',
  data: Following,
})

export const personErased = personErasedBy('relations')
