/** What is kept of one person: found for the export, and taken away by the erasure. Keys: see table.ts. */
import { after } from '../../../shared/runtime/export.ts'
import type { Item, Key, Table } from '../../../shared/runtime/table.ts'
import { Listed } from '../table.ts'

/** `messages`: what they were told. `follows`: what others were told of them. */
export type Kept = 'messages' | 'follows'

const placeOf = (kept: Kept, userId: string) =>
  kept === 'follows' ? { pk: `follower#${userId}` } : { index: 'gsi1' as const, pk: `customer#${userId}` }

export const personTable = (table: Table) => ({
  async list(kept: Kept, userId: string, limit: number, startKey: Item | undefined) {
    const page = await table.query({ ...placeOf(kept, userId), limit, startKey })
    const found = page.items.map(({ pk, sk }): Key => ({ pk: String(pk), sk: String(sk) }))
    return { found, lastKey: page.lastKey }
  },

  /** @param position where the page before ended */
  async messages(userId: string, position: string | undefined, limit: number) {
    const page = await table.query({ ...placeOf('messages', userId), sk: after(position), limit })
    const found = page.items.map((item) => ({ at: String(item.gsi1sk), record: Listed.parse(item) }))
    return { entries: found, more: page.lastKey !== undefined }
  },

  async remove(message: Key): Promise<void> {
    await table.write([{ delete: message }])
  },
})

export type PersonTable = ReturnType<typeof personTable>
