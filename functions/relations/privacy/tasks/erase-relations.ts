import { work } from '../../../../shared/runtime/task.ts'
import { tasks } from '../../contract.ts'
import { eraseSome, erasingParts } from '../erase.ts'

/** That all is done, the consumer finds when it is told of the erasure again. */
export const handler = work(tasks.eraseRelations, erasingParts, async function eraseRelations({ userId }, given) {
  await eraseSome(given, userId)
})
