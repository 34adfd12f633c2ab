import { provide } from '../../../../shared/runtime/call.ts'
import { exportPage } from '../../../../shared/runtime/export.ts'
import * as published from '../../../published/notifications.ts'
import * as parts from '../../parts.ts'

const perPage = 100

export const handler = provide(
  published.exportPerson,
  { person: parts.person },
  function exportPerson(asked, { person }) {
    return exportPage(asked, { message: (userId, after) => person.messages(userId, after, perPage) })
  },
)
