import { provide } from '../../../../shared/runtime/call.ts'
import { exportPerson as exported } from '../../../../shared/runtime/export.ts'
import { openTable } from '../../../../shared/runtime/table.ts'
import { exportPerson } from '../../../published/notifications.ts'
import { personTable } from '../table.ts'

const perPage = 100

export const handler = provide(exportPerson, () => {
  const person = personTable({ table: openTable() })
  return exported({
    message: (userId, after) => person.messages(userId, after, perPage),
  })
})
