import { work } from '../../../../shared/runtime/task.ts'
import { tasks } from '../../contract.ts'
import type { Deed } from '../contract.ts'
import { type Dependencies, tellingDependencies, tellSome } from '../tell.ts'

export const tellFriends =
  (dependencies: Dependencies) =>
  ({ deed, after }: { deed: Deed; after: string }): Promise<void> =>
    tellSome(dependencies, deed, after)

export const handler = work(tasks.tellFriends, () => tellFriends(tellingDependencies()))
