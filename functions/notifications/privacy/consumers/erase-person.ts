import { newId, now } from '../../../../shared/runtime/clock.ts'
import { type Consume, consume } from '../../../../shared/runtime/consume.ts'
import { erasePerson, throughPages } from '../../../../shared/runtime/erasure.ts'
import { openTable } from '../../../../shared/runtime/table.ts'
import { personErased } from '../../../published/notifications.ts'
import { consumers } from '../../contract.ts'
import { type Kept, type PersonTable, personTable } from '../table.ts'

const pageSize = 25

export const eraseMessages = ({ person }: { person: Pick<PersonTable, 'list' | 'remove'> }) => {
  const through = (kept: Kept, userId: string) =>
    throughPages(
      (startKey) => person.list(kept, userId, pageSize, startKey),
      async (key) => {
        await person.remove(key)
        return true
      },
    )
  return {
    /** What others were told of them. */
    follows: (userId: string) => through('follows', userId),
    all: async (userId: string): Promise<boolean> => {
      const outcomes = await Promise.all([through('follows', userId), through('messages', userId)])
      return outcomes.every(Boolean)
    },
  }
}

/**
 * An order under way is still told of by mail: until none is, only what others were told of the person goes.
 */
export const handler = consume(consumers.erasePerson, (): Consume<typeof consumers.erasePerson> => {
  const table = openTable()
  const erase = eraseMessages({ person: personTable({ table }) })
  const eraseAll = erasePerson({ table, personErased, erase: erase.all, now, newId })
  return async (event) => {
    if (event.data.ordersSettled) await eraseAll(event)
    else await erase.follows(event.data.userId)
  }
})
