import { work } from '../../../../shared/runtime/task.ts'
import { tasks } from '../../contract.ts'
import { tellingParts, tellSome } from '../tell.ts'

export const handler = work(tasks.tellFriends, tellingParts, function tellFriends({ deed, after }, given) {
  return tellSome(given, deed, after)
})
