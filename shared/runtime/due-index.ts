/**
 * What time must look at again: aggregates that stand in a keys-only index as long as something is due for them, and in
 * none otherwise. A sweep reads what is due from a few partitions, over which the ids spread evenly.
 */
import { isoTime, now } from './clock.ts'
import type { Query, Table } from './table.ts'

/** More would cost each sweep more, fewer would take fewer writes: each takes a thousand a second. */
export const duePartitions = 4

/** By the id's last digit: a ULID's are random there. */
const partitionOf = (name: string, id: string): string => `${name}#${id.charCodeAt(id.length - 1) % duePartitions}`

/**
 * The index keys of an aggregate, to be spread into its item.
 * @param name of the partitions, such as `due` @param dueAt RFC 3339; undefined when nothing is due
 */
export const dueKeys = (
  index: NonNullable<Query['index']>,
  name: string,
  id: string,
  dueAt: string | undefined,
): Record<string, string> =>
  dueAt === undefined ? {} : { [`${index}pk`]: partitionOf(name, id), [`${index}sk`]: `${dueAt}#${id}` }

/** `dueAt`: RFC 3339. */
export type Due = { id: string; dueAt: string }

/**
 * @returns of each partition what was due by then: the `limit` oldest, and where there are more, as many of the latest, so that
 * what cannot be moved on does not stand in the way of the rest @param untilMs milliseconds
 */
export const listDueWithTime =
  (table: Pick<Table, 'query'>, index: NonNullable<Query['index']>, name: string) =>
  async (limit: number, untilMs: number = now()): Promise<Due[]> => {
    const until = isoTime(untilMs)
    const positionsIn = async (partition: number): Promise<string[]> => {
      const query = { index, pk: `${name}#${partition}`, sk: { between: ['0', until] }, limit } as const
      const { items: oldest } = await table.query(query)
      const { items: latest } = oldest.length < limit ? { items: [] } : await table.query({ ...query, backward: true })
      return [...oldest, ...latest].map((item) => String(item[`${index}sk`]))
    }
    const positions = await Promise.all(Array.from({ length: duePartitions }, (_, partition) => positionsIn(partition)))
    return [...new Set(positions.flat())].map((position) => ({
      id: position.slice(until.length + 1),
      dueAt: position.slice(0, until.length),
    }))
  }

/** The ids alone. */
export const listDue = (...given: Parameters<typeof listDueWithTime>) => {
  const list = listDueWithTime(...given)
  return async (limit: number, untilMs?: number): Promise<string[]> => (await list(limit, untilMs)).map(({ id }) => id)
}
