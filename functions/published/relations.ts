/** The published language of relations: what may be asked of it and what it tells. */
import * as z from 'zod/mini'
import { event } from '../../shared/contract/event.ts'
import { exportPersonOf, personErasedBy } from '../../shared/contract/personal-data.ts'
import { UserId } from '../../shared/contract/schema.ts'

export const exportPerson = exportPersonOf('relations', ['Query', 'GetItem'])

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
