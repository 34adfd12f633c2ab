/** All that is held of a person, as it is erased. Keys: see table.ts. */
import { type Item, type Table, versionIs } from '../../../shared/runtime/table.ts'
import type { Profile } from '../domain.ts'
import { type Picture, StoredPicture } from '../pictures/table.ts'
import { StoredProfile } from '../table.ts'

export type Held =
  | { kind: 'profile'; profile: Profile }
  | { kind: 'addresses' }
  /** `isGoing`: nobody writes it any more. */
  | { kind: 'picture'; picture: Picture; isGoing: boolean }

const heldIn = (userId: string, item: Item): Held => {
  if (item.sk === 'profile') return { kind: 'profile', profile: StoredProfile.parse(item) }
  if (item.sk === 'addresses') return { kind: 'addresses' }
  const name = String(item.sk).slice('picture#'.length)
  return { kind: 'picture', picture: { userId, name }, isGoing: StoredPicture.parse(item).going === true }
}

export const personTable = (table: Table) => ({
  async page(userId: string, startKey: Item | undefined): Promise<{ found: Held[]; lastKey: Item | undefined }> {
    const { items, lastKey } = await table.query({ pk: `user#${userId}`, startKey })
    return { found: items.map((item) => heldIn(userId, item)), lastKey }
  },

  /** @returns false when it has been changed meanwhile */
  async removeProfile({ userId, version }: Profile): Promise<boolean> {
    const key = { pk: `user#${userId}`, sk: 'profile' }
    const written = await table.write([{ delete: key, when: versionIs(version), else: 'raced' }])
    return written.ok || written.item === undefined
  },

  /** Whoever was about to write them finds that they are not as they were. */
  async removeAddresses(userId: string): Promise<void> {
    await table.write([{ delete: { pk: `user#${userId}`, sk: 'addresses' } }])
  },
})

export type PersonTable = ReturnType<typeof personTable>
