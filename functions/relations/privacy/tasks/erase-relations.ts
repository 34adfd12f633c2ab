import { work } from '../../../../shared/runtime/task.ts'
import { tasks } from '../../contract.ts'
import { type Dependencies, eraseSome, erasingDependencies } from '../erase.ts'

/** That all is done, the consumer finds when it is told of the erasure again. */
export const eraseRelations =
  (dependencies: Dependencies) =>
  async ({ userId }: { userId: string }): Promise<void> => {
    await eraseSome(dependencies, userId)
  }

export const handler = work(tasks.eraseRelations, () => eraseRelations(erasingDependencies()))
