import { decodeCursor, defaultLimit, nextCursor } from '../../../shared/runtime/cursor.ts'
import { serve } from '../../../shared/runtime/serve.ts'
import { endpoints } from '../contract.ts'
import * as parts from '../parts.ts'
import { customerPartition } from '../table.ts'

export const handler = serve(
  endpoints.listNotifications,
  { notifications: parts.notifications },
  async function listNotifications({ query: { limit = defaultLimit, cursor }, caller }, { notifications }) {
    const list = `notifications of ${caller.id}`
    const page = await notifications.list(caller.id, limit, decodeCursor(list, cursor, customerPartition(caller.id)))
    return {
      body: {
        data: page.messages,
        next_cursor: nextCursor(list, page.lastKey),
      },
    }
  },
)
