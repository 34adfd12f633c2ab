/** What is kept of one person: found for the export, and taken away by the erasure. Keys: see table.ts. */
import { nobody } from '../../shared/domain/nobody.ts'
import { after } from '../../shared/runtime/export.ts'
import { type Item, isThere, type Key, type Table } from '../../shared/runtime/table.ts'
import { Listed, StoredRecipient } from './table.ts'

/** `recipients`: to which address mails of an order go. `messages`: what they were told. `follows`: what others were told of them. */
export type Kept = 'recipients' | 'messages' | 'follows'

const placeOf = (kept: Kept, userId: string) => {
  if (kept === 'follows') return { pk: `follower#${userId}` }
  return { index: 'gsi1' as const, pk: `${kept === 'recipients' ? 'recipient' : 'customer'}#${userId}` }
}

export const personTable = ({ table }: { table: Table }) => ({
  async list(kept: Kept, userId: string, limit: number, startKey: Item | undefined) {
    const page = await table.query({ ...placeOf(kept, userId), limit, startKey })
    const found = page.items.map(({ pk, sk }): Key => ({ pk: String(pk), sk: String(sk) }))
    return { found, lastKey: page.lastKey }
  },

  /** @param position where the page before ended */
  async recipients(userId: string, position: string | undefined, limit: number) {
    const page = await table.query({ ...placeOf('recipients', userId), sk: after(position), limit })
    const found = page.items.map((item) => {
      const { number, email } = StoredRecipient.parse(item)
      return { at: String(item.gsi1sk), record: { orderId: item.gsi1sk, number, email } }
    })
    return { entries: found, more: page.lastKey !== undefined }
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

  /** Stays behind without its person, so that what comes late of the order tells nobody. One that has gone by itself stays gone. */
  async forget(recipient: Key): Promise<void> {
    await table.write([
      {
        update: recipient,
        set: {
          expression: 'SET #customerId = :nobody REMOVE #email, #gsi1pk, #gsi1sk',
          values: { ':nobody': nobody },
        },
        when: isThere,
      },
    ])
  },
})

export type PersonTable = ReturnType<typeof personTable>
