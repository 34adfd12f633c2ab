/** What functions of relations need, each made by itself: a function's bundle holds the parts that it names, and no others. */
import { call, withFallback } from '../../shared/runtime/call.ts'
import { openTable } from '../../shared/runtime/table.ts'
import { defer } from '../../shared/runtime/task.ts'
import * as identity from '../published/identity.ts'
import * as profiles from '../published/profiles.ts'
import { tasks } from './contract.ts'
import { feedTable } from './feed/table.ts'
import { erasureTable } from './privacy/table.ts'
import { relationsTable } from './table.ts'

export const table = openTable
export const relations = () => relationsTable(openTable())
export const feed = () => feedTable(openTable())
export const erasure = () => erasureTable(openTable())
export const findUser = () => call(identity.findUser)
export const publicProfiles = () => withFallback(call(profiles.publicProfiles), profiles.noProfiles)
export const notifyLater = () => defer('notify-friends', tasks.notifyFriends)
export const eraseLater = () => defer('erase-relations', tasks.eraseRelations)
