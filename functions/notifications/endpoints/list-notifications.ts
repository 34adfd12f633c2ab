import { now } from '../../../shared/runtime/clock.ts'
import { decodeCursor, encodeCursor } from '../../../shared/runtime/cursor.ts'
import { type Handle, serve } from '../../../shared/runtime/serve.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { endpoints } from '../contract.ts'
import { type NotificationsTable, notificationsTable } from '../table.ts'

const defaultLimit = 20

export const listNotifications =
  ({
    notifications,
  }: {
    notifications: Pick<NotificationsTable, 'list'>
  }): Handle<typeof endpoints.listNotifications> =>
  async ({ query: { limit = defaultLimit, cursor }, caller }) => {
    const list = `notifications of ${caller.id}`
    const page = await notifications.list(
      caller.id,
      limit,
      decodeCursor(list, cursor, { gsi1pk: `customer#${caller.id}` }),
    )
    return {
      body: {
        data: page.messages,
        next_cursor: page.lastKey ? encodeCursor(list, page.lastKey) : null,
      },
    }
  }

export const handler = serve(endpoints.listNotifications, () =>
  listNotifications({ notifications: notificationsTable({ table: openTable(), now }) }),
)
