import { work } from '../../../../shared/runtime/task.ts'
import { tasks } from '../../contract.ts'
import { notifyPage, notifyParts } from '../notify.ts'

export const handler = work(tasks.notifyFriends, notifyParts, function notifyFriends({ activity, after }, given) {
  return notifyPage(given, activity, after)
})
