import { newId, now } from '../../../../shared/runtime/clock.ts'
import { consume } from '../../../../shared/runtime/consume.ts'
import { erasePerson } from '../../../../shared/runtime/erasure.ts'
import { openTable } from '../../../../shared/runtime/table.ts'
import { personErased } from '../../../published/relations.ts'
import { consumers } from '../../contract.ts'
import { type Dependencies, eraseSome, erasingDependencies } from '../erase.ts'

/** Guests have no relations to anybody. */
const isGuest = (userId: string): boolean => userId.startsWith('gst_')

export const eraseRelationsOf =
  (dependencies: Dependencies) =>
  async (userId: string): Promise<boolean> => {
    if (isGuest(userId)) return true
    await dependencies.erasure.closeCounts(userId)
    return eraseSome(dependencies, userId)
  }

export const handler = consume(consumers.erasePerson, () =>
  erasePerson({ table: openTable(), personErased, erase: eraseRelationsOf(erasingDependencies()), now, newId }),
)
