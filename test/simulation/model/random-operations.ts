/** What the property test plays: calls of the shop's own table module, on few items, so that they meet each other. */
import { DynamoDBServiceException } from '@aws-sdk/client-dynamodb'
import { AlreadyDoneError } from '../../../shared/runtime/errors.ts'
import { RefusedInput } from '../../../shared/runtime/refused-input.ts'
import type { Change, Expression, Item, Key, Query, Table } from '../../../shared/runtime/table.ts'
import { fc } from '../../support/property.ts'
import { someCondition, someNews, someNumber, someSku, someText, someUpdate } from './random-expressions.ts'
import type { Twin } from './twin.ts'

/** `token`: of the transaction. `once`: the number of an idempotency key. */
export type Play =
  | { get: Key }
  | { batchGet: Key[] }
  | { write: Change<'false'>[]; token?: number | undefined; once?: number | undefined }
  | { page: Query }
  /** The same from page to page, to the end. */
  | { walk: Query }

const partition = fc.constantFrom('order#1', 'order#2', 'order#10')
const sortKey = fc.constantFrom('note#1', 'note#2', 'note#22', 'order', 'ö')
const someKey: fc.Arbitrary<Key> = fc.record({ pk: partition, sk: sortKey })

const indexPartition = fc.constantFrom('list', 'other')
/** Fewer than there are items, so that some are equal. */
const indexSortKey = fc.constantFrom('1', '2', '21', '3')

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 5 })
const seldom = <T>(usual: fc.Arbitrary<T>, other: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ arbitrary: usual, weight: 12 }, { arbitrary: other, weight: 1 })

/** Sparse: either part of an index's key may be missing, and then the item is not in it. */
const indexKeys = Object.fromEntries(
  [1, 2, 3].flatMap((index) => [
    [`gsi${index}pk`, optional(indexPartition)],
    [`gsi${index}sk`, optional(indexSortKey)],
  ]),
)

export const someAttributes: fc.Arbitrary<Item> = fc.record({
  ...indexKeys,
  version: seldom(someNumber, fc.constantFrom('old', true, null, 2 ** 40)),
  sequence: optional(someNumber),
  available: optional(someNumber),
  reserved: optional(someNumber),
  onHand: optional(someNumber),
  taken: optional(someNumber),
  windowEndsMs: optional(someNumber),
  state: optional(fc.oneof({ arbitrary: someText, weight: 5 }, { arbitrary: fc.constant(''), weight: 1 })),
  availability: optional(
    fc.oneof(
      fc.constant({}),
      someNews.map((news) => ({ [someSku]: news })),
    ),
  ),
  lines: optional(fc.array(fc.record({ quantity: someNumber, isGift: fc.boolean(), note: fc.constant(null) }))),
  outbox: optional(fc.constant([{ id: 'evt_1', data: {} }])),
  outboxVersion: optional(someNumber),
})

/** `else` goes back to nobody here: the twin compares what the engine and the model answer. */
type Condition = { when: Expression; else: 'false' } | { when?: never; else?: never }

const changeOf = (key: Key, when: fc.Arbitrary<Condition>): fc.Arbitrary<Change<'false'>> =>
  fc.oneof(
    fc.tuple(someAttributes, when).map(([attributes, rest]) => ({ put: { ...attributes, ...key }, ...rest })),
    fc.tuple(someUpdate, when).map(([set, rest]) => ({ update: key, set, ...rest })),
    when.map((rest) => ({ delete: key, ...rest })),
    someCondition.map((condition) => ({ check: key, when: condition, else: 'false' as const })),
  )

/** With conditions on half of single changes, and on one in four where one is enough to refuse all. */
const conditions = (isSingle: boolean): fc.Arbitrary<Condition> =>
  fc.oneof<fc.MaybeWeightedArbitrary<Condition>[]>(
    { arbitrary: fc.constant({}), weight: isSingle ? 1 : 3 },
    { arbitrary: someCondition.map((when) => ({ when, else: 'false' as const })), weight: 1 },
  )

const changes = (minLength: number, maxLength: number): fc.Arbitrary<Change<'false'>[]> =>
  fc
    .uniqueArray(someKey, { minLength, maxLength, selector: ({ pk, sk }) => `${pk} ${sk}` })
    .chain((keys) => fc.tuple(...keys.map((key) => changeOf(key, conditions(keys.length === 1)))))

/** Puts without conditions: so that there is something. */
const filling: fc.Arbitrary<Change<'false'>[]> = fc
  .uniqueArray(someKey, { minLength: 2, maxLength: 8, selector: ({ pk, sk }) => `${pk} ${sk}` })
  .chain((keys) =>
    fc.tuple(...keys.map((key) => someAttributes.map((attributes) => ({ put: { ...attributes, ...key } })))),
  )

type Range = NonNullable<Query['sk']>

const rangeOf = (sort: fc.Arbitrary<string>): fc.Arbitrary<Range | undefined> =>
  optional(
    fc.oneof(
      sort.map((text) => ({ beginsWith: text.slice(0, -1) || text })),
      fc.tuple(sort, sort).map(([a, b]): Range => ({ between: a <= b ? [a, b] : [b, a] })),
    ),
  )

const isIn = (sk: string, range: Range | undefined): boolean => {
  if (!range) return true
  if ('beginsWith' in range) return sk.startsWith(range.beginsWith)
  return sk >= range.between[0] && sk <= range.between[1]
}

/** Where to go on from: a place within the query, be there an item or not; or what is no key of this list at all. */
const startKeyOf = ({ index, pk, sk: range }: Query): fc.Arbitrary<Item | undefined> =>
  optional(
    fc.oneof(
      { arbitrary: fc.constantFrom({ pk: 'order#1' }, { pk: 'order#1', sk: 'order', x: 'y' }), weight: 1 },
      {
        arbitrary: fc
          .record({ key: someKey, sort: index ? indexSortKey : sortKey })
          .filter(({ sort }) => isIn(sort, range))
          .map(({ key, sort }) => ({ ...key, [`${index ?? ''}pk`]: pk, [`${index ?? ''}sk`]: sort })),
        weight: 6,
      },
    ),
  )

const someQuery: fc.Arbitrary<Query> = fc
  .constantFrom<(Query['index'] | undefined)[]>(undefined, 'gsi1', 'gsi2', 'gsi3')
  .chain((index) =>
    fc.record({
      index: fc.constant(index),
      pk: index ? indexPartition : partition,
      sk: rangeOf(index ? indexSortKey : sortKey),
      backward: fc.boolean(),
      limit: optional(fc.integer({ min: 1, max: 4 })),
    }),
  )
  .map(({ index, sk, limit, ...query }) => ({
    ...query,
    ...(index ? { index } : {}),
    ...(sk ? { sk } : {}),
    ...(limit ? { limit } : {}),
  }))

const somePlay: fc.Arbitrary<Play> = fc.oneof(
  { arbitrary: changes(1, 1).map((write): Play => ({ write })), weight: 6 },
  {
    arbitrary: fc.record({
      write: changes(1, 4),
      token: optional(fc.integer({ min: 1, max: 3 })),
      once: optional(fc.integer({ min: 1, max: 3 })),
    }),
    weight: 5,
  },
  { arbitrary: fc.record({ get: someKey }), weight: 1 },
  {
    arbitrary: fc.record({
      batchGet: fc.uniqueArray(someKey, { minLength: 1, maxLength: 6, selector: ({ pk, sk }) => `${pk} ${sk}` }),
    }),
    weight: 1,
  },
  {
    arbitrary: someQuery.chain((query) => startKeyOf(query).map((startKey) => ({ page: { ...query, startKey } }))),
    weight: 3,
  },
  { arbitrary: someQuery.map((query) => ({ walk: { ...query, limit: query.limit ?? 1 } })), weight: 2 },
)

/** A transaction that is sent a second time, as the SDK does when an answer is lost. */
const repeated: fc.Arbitrary<Play[]> = fc
  .record({ write: changes(2, 4), token: fc.integer({ min: 4, max: 9 }) })
  .chain((write) => somePlay.map((between): Play[] => [write, between, write]))

export const somePlays: fc.Arbitrary<Play[]> = fc
  .tuple(
    filling,
    fc.array(fc.oneof({ arbitrary: somePlay.map((play) => [play]), weight: 9 }, repeated), {
      minLength: 4,
      maxLength: 24,
    }),
  )
  .map(([write, plays]) => [{ write }, ...plays.flat()])

const walk = async (table: Table, query: Query): Promise<void> => {
  const { lastKey } = await table.query(query)
  if (lastKey) await walk(table, { ...query, startKey: lastKey })
}

const act = async (twin: Twin, table: Table, name: string, play: Play): Promise<unknown> => {
  if ('get' in play) return table.get(play.get)
  if ('batchGet' in play) return table.batchGet(play.batchGet)
  if ('page' in play) return table.query(play.page)
  if ('walk' in play) return walk(table, play.walk)
  const { write, token, once } = play
  twin.token = token === undefined ? undefined : `${name} ${token}`
  if (once === undefined) return table.write(write)
  return table.write(write, { idempotencyKey: { id: String(once), bodyHash: 'hash' }, resource: 'thing' })
}

/** Refusals are as good as answers: the twin has compared them. Its own complaints are not among these. */
const isRefusal = (error: unknown): boolean =>
  error instanceof DynamoDBServiceException || error instanceof AlreadyDoneError || error instanceof RefusedInput

export const perform = async (twin: Twin, table: Table, name: string, play: Play): Promise<void> => {
  try {
    await act(twin, table, name, play)
  } catch (error) {
    if (!isRefusal(error)) throw error
  } finally {
    twin.token = undefined
  }
}
