/** One table of the model: its items by key, its indexes, and queries on both. */
import type { AttributeMap } from './expressions.ts'

export type Key = { pk: string; sk: string }

export type TableOptions = { indexes: number; keysOnly?: readonly number[] }

export type TableModel = {
  get(key: Key): AttributeMap | undefined
  /** Writes an item, or removes it. Items are never changed in place. */
  set(key: Key, item: AttributeMap | undefined): void
  query(input: Record<string, unknown>): Record<string, unknown>
  items(): AttributeMap[]
}

type Query = {
  IndexName?: string
  KeyConditionExpression: string
  ExpressionAttributeNames: Record<string, string>
  ExpressionAttributeValues: AttributeMap
  Limit?: number
  ScanIndexForward?: boolean
  ExclusiveStartKey?: AttributeMap
}

/** By partition, then by the item's own key. */
type Partitions = Map<string, Map<string, AttributeMap>>

export const keyText = ({ pk, sk }: Key): string => `${pk}\u0000${sk}`

const textOf = (item: AttributeMap, name: string): string => item[name]?.S ?? ''

/** The one form of query that the table module writes. */
const form = /^#pk = :pk(?: AND (?:(begins_with)\(#sk, :from\)|#sk (BETWEEN) :from AND :to))?$/

const put = (partitions: Partitions, partition: string, key: string, item: AttributeMap | undefined): void => {
  const items = partitions.get(partition) ?? new Map<string, AttributeMap>()
  if (item) items.set(key, item)
  else items.delete(key)
  partitions.set(partition, items)
}

export const createTableModel = ({ indexes, keysOnly = [] }: TableOptions): TableModel => {
  const primary: Partitions = new Map()
  const secondary = Array.from({ length: indexes }, (_, index) => ({
    name: `gsi${index + 1}`,
    isKeysOnly: keysOnly.includes(index + 1),
    partitions: new Map() as Partitions,
  }))

  const get = ({ pk, sk }: Key): AttributeMap | undefined => primary.get(pk)?.get(keyText({ pk, sk }))

  const keysOf = (item: AttributeMap, index: string): AttributeMap =>
    Object.fromEntries(
      ['pk', 'sk', `${index}pk`, `${index}sk`].flatMap((name) => {
        const value = item[name]
        return value ? [[name, value]] : []
      }),
    )

  return {
    get,
    set(key, item) {
      const before = get(key)
      const text = keyText(key)
      put(primary, key.pk, text, item)
      for (const { name, partitions } of secondary) {
        const [from, to] = [before?.[`${name}pk`]?.S, item?.[`${name}sk`]?.S && item[`${name}pk`]?.S]
        if (from !== undefined && from !== to) put(partitions, from, text, undefined)
        if (to !== undefined && to !== '') put(partitions, to, text, item)
        else if (from !== undefined) put(partitions, from, text, undefined)
      }
    },
    items: () => [...primary.values()].flatMap((items) => [...items.values()]),
    query(given) {
      const input = given as Query
      const [, prefix, between] = form.exec(input.KeyConditionExpression) ?? []
      if (!form.test(input.KeyConditionExpression))
        throw new Error(`the model knows no ${input.KeyConditionExpression}`)
      const index = secondary.find(({ name }) => name === input.IndexName)
      if (input.IndexName && !index) throw new Error(`there is no index ${input.IndexName}`)
      const sortName = `${input.IndexName ?? ''}sk`
      const { ':pk': pk, ':from': from, ':to': to } = input.ExpressionAttributeValues
      const isWanted = (item: AttributeMap): boolean => {
        const sk = textOf(item, sortName)
        if (prefix) return sk.startsWith(from?.S ?? '')
        return !between || (sk >= (from?.S ?? '') && sk <= (to?.S ?? ''))
      }
      const orderOf = (item: AttributeMap): string =>
        `${textOf(item, sortName)}\u0000${textOf(item, 'pk')}\u0000${textOf(item, 'sk')}`
      const backward = input.ScanIndexForward === false
      const partition = (index?.partitions ?? primary).get(pk?.S ?? '')
      const ordered = [...(partition?.values() ?? [])]
        .filter(isWanted)
        .map((item) => ({ item, order: orderOf(item) }))
        .sort((a, b) => (a.order < b.order === backward ? 1 : -1))
      const start = input.ExclusiveStartKey && orderOf(input.ExclusiveStartKey)
      const rest =
        start === undefined ? ordered : ordered.filter(({ order }) => (backward ? order < start : order > start))
      const page = rest.slice(0, input.Limit)
      const last = page.at(-1)?.item
      const isCut = input.Limit !== undefined && page.length === input.Limit && last !== undefined
      const Items = page.map(({ item }) => (index?.isKeysOnly ? keysOf(item, index.name) : item))
      const LastEvaluatedKey = isCut ? { LastEvaluatedKey: keysOf(last, input.IndexName ?? '') } : {}
      return { Items, Count: Items.length, ...LastEvaluatedKey }
    },
  }
}
