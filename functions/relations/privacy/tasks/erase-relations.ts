import { work } from '../../../../shared/runtime/task.ts'
import { tasks } from '../../contract.ts'
import { eraseSome, erasingParts } from '../erase.ts'

/** Erases a part. The consumer finds that all is done at the next delivery of the erasure. */
export const handler = work(tasks.eraseRelations, erasingParts, async function eraseRelations({ userId }, given) {
  await eraseSome(given, userId)
})
