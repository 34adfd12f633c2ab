/** One table of the model: its items by key, its indexes, and queries on both. */
import { type AttributeMap, ModelValidationError } from './values.ts'

export type Key = { pk: string; sk: string }

export type TableOptions = { indexes: number; keysOnly?: readonly number[] }

export type TableModel = {
  get(key: Key): AttributeMap | undefined
  /** Writes an item, or removes it. Items are never changed in place. */
  set(key: Key, item: AttributeMap | undefined): void
  /** @throws ModelValidationError when a key of an index is not text, or empty */
  check(item: AttributeMap): void
  /** @throws ModelValidationError */
  query(input: Record<string, unknown>): Record<string, unknown>
  items(): AttributeMap[]
}

type Query = {
  IndexName?: string
  KeyConditionExpression: string
  ExpressionAttributeNames: Record<string, string>
  ExpressionAttributeValues: AttributeMap
  Limit?: number
  ConsistentRead?: boolean
  ScanIndexForward?: boolean
  ExclusiveStartKey?: AttributeMap
}

/** By partition, then by the item's own key. */
type Partitions = Map<string, Map<string, AttributeMap>>

export const keyText = ({ pk, sk }: Key): string => `${pk}\u0000${sk}`

const textOf = (item: AttributeMap, name: string): string => item[name]?.S ?? ''

/** @returns the key @throws ModelValidationError when it is not two texts; `exactly`: and nothing else */
export const keyOf = (map: AttributeMap | undefined, exactly: boolean): Key => {
  const { pk: { S: pk } = {}, sk: { S: sk } = {} } = map ?? {}
  if (!pk || !sk || (exactly && Object.keys(map ?? {}).length > 2))
    throw new ModelValidationError('The provided key element does not match the schema')
  return { pk, sk }
}

/** The one form of query that the table module writes. */
const form = /^#pk = :pk(?: AND (?:(begins_with)\(#sk, :from\)|#sk (BETWEEN) :from AND :to))?$/

type Range = { pk: string; includes(sk: string): boolean }

/** What a query asks for. @throws ModelValidationError */
const rangeOf = (input: Query): Range => {
  const { IndexName: index = '', KeyConditionExpression: text, ExpressionAttributeValues: values } = input
  const found = form.exec(text)
  if (!found) throw new Error(`the model knows no ${text}`)
  const [, prefix, between] = found
  const { '#pk': pkName, '#sk': skName, ...otherNames } = input.ExpressionAttributeNames
  const isSorted = prefix !== undefined || between !== undefined
  if (pkName !== `${index}pk` || skName !== (isSorted ? `${index}sk` : undefined) || Object.keys(otherNames).length > 0)
    throw new ModelValidationError('Query condition missed key schema element')
  const { ':pk': pk, ':from': from, ':to': to } = values
  const given = [pk, ...(isSorted ? [from] : []), ...(between ? [to] : [])]
  if (given.some((value) => !value?.S) || Object.keys(values).length > given.length)
    throw new ModelValidationError('The AttributeValue for a key attribute must be given, and no empty text')
  const [low, high] = [from?.S ?? '', to?.S ?? '']
  if (between && high < low)
    throw new ModelValidationError(
      'The BETWEEN operator requires upper bound to be greater than or equal to lower bound',
    )
  const includes = prefix ? (sk: string) => sk.startsWith(low) : (sk: string) => sk >= low && sk <= high
  return { pk: pk?.S ?? '', includes: isSorted ? includes : () => true }
}

/** A query goes on from a key of its own only: of this table or index, and within what it asks for. */
const checkStartKey = (start: AttributeMap, index: string, range: Range): void => {
  const names = new Set(['pk', 'sk', `${index}pk`, `${index}sk`])
  const isWhole = [...names].every((name) => start[name]?.S) && Object.keys(start).length === names.size
  if (!isWhole) throw new ModelValidationError('The provided starting key is invalid')
  if (textOf(start, `${index}pk`) !== range.pk || !range.includes(textOf(start, `${index}sk`)))
    throw new ModelValidationError('The provided starting key is outside query boundaries based on provided conditions')
}

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
    check(item) {
      for (const { name } of secondary)
        for (const part of [item[`${name}pk`], item[`${name}sk`]])
          if (part && !part.S) throw new ModelValidationError(`Type mismatch for Index Key, IndexName: ${name}`)
    },
    set(key, item) {
      const before = get(key)
      const text = keyText(key)
      put(primary, key.pk, text, item)
      for (const { name, partitions } of secondary) {
        const from = before?.[`${name}pk`]?.S
        const to = item?.[`${name}sk`] && item[`${name}pk`]?.S
        if (from !== undefined && from !== to) put(partitions, from, text, undefined)
        if (to !== undefined) put(partitions, to, text, item)
      }
    },
    items: () => [...primary.values()].flatMap((items) => [...items.values()]),
    query(given) {
      const input = given as Query
      const index = secondary.find(({ name }) => name === input.IndexName)
      if (input.IndexName && !index) throw new Error(`there is no index ${input.IndexName}`)
      if (index && input.ConsistentRead)
        throw new ModelValidationError('Consistent reads are not supported on global secondary indexes')
      if (input.Limit !== undefined && input.Limit < 1) throw new ModelValidationError('Limit must be at least 1')
      const range = rangeOf(input)
      const { ExclusiveStartKey: startKey } = input
      if (startKey) checkStartKey(startKey, input.IndexName ?? '', range)
      const sortName = `${input.IndexName ?? ''}sk`
      const orderOf = (item: AttributeMap): string =>
        `${textOf(item, sortName)}\u0000${textOf(item, 'pk')}\u0000${textOf(item, 'sk')}`
      const backward = input.ScanIndexForward === false
      const partition = (index?.partitions ?? primary).get(range.pk)
      const ordered = [...(partition?.values() ?? [])]
        .filter((item) => range.includes(textOf(item, sortName)))
        .map((item) => ({ item, order: orderOf(item) }))
        .sort((a, b) => (a.order < b.order === backward ? 1 : -1))
      const start = startKey && orderOf(startKey)
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
