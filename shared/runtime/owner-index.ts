/**
 * What belongs to a person: items that stand in an index under their owner, for the export and the erasure. The index holds
 * keys only, and what belongs to nobody does not stand in it.
 */
import { erasedUserId } from '../domain/erased-user.ts'
import { isErased } from './erasure.ts'
import { after } from './export.ts'
import type { Item, Key, Query, Table } from './table.ts'

type Index = NonNullable<Query['index']>

const partitionOf = (userId: string): string => `person#${userId}`

/** The index keys of an item, to be spread into it. @param position what it sorts by among its owner's: its id */
export const ownerKeys = (index: Index, userId: string, position: string): Record<string, string> =>
  userId === erasedUserId ? {} : { [`${index}pk`]: partitionOf(userId), [`${index}sk`]: position }

/** Whom to write down as the owner: `erasedUserId` for one who was. One read. */
export const ownerOf = async (table: Pick<Table, 'get'>, userId: string): Promise<string> =>
  (await isErased(table, userId)) ? erasedUserId : userId

/** How the items of a person are found. */
export const ownerIndex = (table: Pick<Table, 'query' | 'batchGet'>, index: Index) => ({
  /** Keys of a page, in the order of their positions. */
  async list(userId: string, limit: number, startKey: Item | undefined) {
    const page = await table.query({ index, pk: partitionOf(userId), limit, startKey })
    const found = page.items.map(({ pk, sk }): Key => ({ pk: String(pk), sk: String(sk) }))
    return { found, lastKey: page.lastKey }
  },

  /** The items of a page with their positions. @param position where the page before ended @param limit at most 100 */
  async page(userId: string, position: string | undefined, limit: number) {
    const page = await table.query({ index, pk: partitionOf(userId), sk: after(position), limit })
    const keys = page.items.map(({ pk, sk }): Key => ({ pk: String(pk), sk: String(sk) }))
    const items = keys.length > 0 ? await table.batchGet(keys) : []
    const found = page.items.flatMap((entry) => {
      const item = items.find(({ pk, sk }) => pk === entry.pk && sk === entry.sk)
      return item ? [{ at: String(entry[`${index}sk`]), item }] : []
    })
    return { found, more: page.lastKey !== undefined }
  },
})
