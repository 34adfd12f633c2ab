/** Conditions and updates: those that the services write, word by word, and any others that the grammar allows. */

import { isoTime } from '../../../shared/runtime/clock.ts'
import { type NewEvent, nextVersionInPlace, withoutOutbox } from '../../../shared/runtime/outbox.ts'
import { type Expression, isThere, notThere, versionIs } from '../../../shared/runtime/table.ts'
import { fc } from '../../support/property.ts'

/** Few and small, so that conditions hold about as often as not. */
export const someNumber = fc.integer({ min: -1, max: 3 })
export const someText = fc.constantFrom('open', 'opened', 'reopen', 'é')
export const someSku = 'KET-1.a'
export const someNews = fc.record({ available: someNumber, sequence: someNumber })

const named = (expression: string, values?: Expression['values']): Expression => ({
  expression,
  ...(expression.includes('#sku') ? { names: { '#sku': someSku } } : {}),
  ...(values && Object.keys(values).length > 0 ? { values } : {}),
})

/** shared/runtime/table.ts, and the table.ts of catalog, identity and inventory. */
const writtenConditions: fc.Arbitrary<Expression> = fc.oneof(
  fc.constant(notThere),
  fc.constant(isThere),
  someNumber.map(versionIs),
  someNumber.map((before) => named('#version = :before', { ':before': before })),
  someNumber.map((units) => named('#available >= :units', { ':units': units })),
  someNumber.map((units) => named('#reserved >= :units', { ':units': units })),
  someNumber.map((least) => named('#available >= :least', { ':least': least })),
  someNumber.map((ended) => named('#windowEndsMs = :ended', { ':ended': ended })),
  fc.constant(named('#taken > :zero', { ':zero': 0 })),
  fc
    .tuple(someNumber, someNumber)
    .map(([limit, now]) => named('#taken < :limit AND #windowEndsMs > :now', { ':limit': limit, ':now': now })),
  fc
    .tuple(someNumber, fc.constantFrom('>', '='))
    .map(([sequence, sign]) =>
      named(`#sequence < :sequence AND #available ${sign} :none`, { ':sequence': sequence, ':none': 0 }),
    ),
  someNumber.map((sequence) =>
    named('attribute_exists(pk) AND (attribute_not_exists(#rating) OR #rating.#sequence < :sequence)', {
      ':sequence': sequence,
    }),
  ),
)

/** A piece of an expression; its values are numbered when the pieces come together. */
type Piece = { text: (of: (value: unknown) => string) => string; isGroup?: boolean }

const piece = (text: Piece['text']): Piece => ({ text })

const joined = (prefix: string, { text }: Piece): Expression => {
  const values: Record<string, unknown> = {}
  const expression = text((value) => {
    const name = `:${prefix}${Object.keys(values).length}`
    values[name] = value
    return name
  })
  return named(expression, values)
}

const numberPath = fc.constantFrom('#version', '#available', '#taken', '#availability.#sku.#sequence', '#nowhere')
const anyPath = fc.oneof(numberPath, fc.constantFrom('#state', '#availability', '#availability.#sku', '#state.#sku'))
const anyValue: fc.Arbitrary<unknown> = fc.oneof(someNumber, someText)
const comparator = fc.constantFrom('=', '<>', '<', '<=', '>', '>=')

const atom: fc.Arbitrary<Piece> = fc.oneof(
  fc
    .tuple(fc.constantFrom('attribute_exists', 'attribute_not_exists'), anyPath)
    .map(([call, path]) => piece(() => `${call}(${path})`)),
  fc.tuple(anyPath, comparator, anyValue).map(([path, sign, value]) => piece((of) => `${path} ${sign} ${of(value)}`)),
  fc.tuple(anyPath, comparator, anyValue).map(([path, sign, value]) => piece((of) => `${of(value)} ${sign} ${path}`)),
  fc.tuple(numberPath, comparator).map(([path, sign]) => piece(() => `${path} ${sign} #reserved`)),
  fc
    .tuple(numberPath, someNumber, fc.nat({ max: 2 }))
    .map(([path, low, more]) => piece((of) => `${path} BETWEEN ${of(low)} AND ${of(low + more)}`)),
  fc
    .tuple(fc.constantFrom('#state', '#version'), someText, fc.constantFrom('', 'ed', 'é'))
    .map(([path, low, more]) => piece((of) => `${path} BETWEEN ${of(low)} AND ${of(low + more)}`)),
  fc
    .tuple(fc.constantFrom('#state', '#version'), someText)
    .map(([path, start]) => piece((of) => `begins_with(${path}, ${of(start)})`)),
  // The whole of a map, which compares without regard to the order of its members.
  someNews.map(({ available, sequence }) => piece((of) => `#availability.#sku = ${of({ sequence, available })}`)),
)

const { tree } = fc.letrec<{ tree: Piece }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    atom,
    tie('tree').map((inner) => piece((of) => `NOT ${inner.text(of)}`)),
    // Parentheses in parentheses are refused.
    tie('tree').map((inner) => (inner.isGroup ? inner : { ...piece((of) => `(${inner.text(of)})`), isGroup: true })),
    fc
      .tuple(tie('tree'), fc.constantFrom('AND', 'OR', 'and'), tie('tree'))
      .map(([left, word, right]) => piece((of) => `${left.text(of)} ${word} ${right.text(of)}`)),
  ),
}))

export const someCondition: fc.Arbitrary<Expression> = fc.oneof(
  writtenConditions,
  // Alone, nothing else hides what it says.
  atom.map((alone) => joined('c', alone)),
  tree.map((pieces) => joined('c', pieces)),
)

const facts: fc.Arbitrary<NewEvent<'available'>[]> = fc.array(
  fc.constant({ type: 'stock.level-changed', schemaVersion: 1, data: { sku: someSku }, copy: ['available' as const] }),
  { maxLength: 1 },
)

const inventorySets = [
  '#reserved = #reserved + :units, #available = #available - :units',
  '#reserved = #reserved - :units, #available = #available + :units',
  '#reserved = #reserved - :units, #onHand = #onHand - :units',
  '#onHand = #onHand + :units, #available = #available + :units',
]

/** The table.ts of inventory, catalog, identity and notifications. */
const writtenUpdates: fc.Arbitrary<Expression> = fc.oneof(
  fc.tuple(fc.constantFrom(...inventorySets), someNumber, facts).map(([set, units, all]) => {
    const next = nextVersionInPlace(someSku, all)
    return named(`SET ${set}, ${next.clauses}`, { ...next.values, ':units': units })
  }),
  someNumber.map((change) =>
    named('SET #products = if_not_exists(#products, :zero) + :change', { ':zero': 0, ':change': change }),
  ),
  fc.tuple(someNumber, someText).map(([version, title]) =>
    named('SET #title = :title, #version = :version, #gsi1pk = :gsi1pk, #gsi1sk = :gsi1sk REMOVE #gsi2pk, #gsi2sk', {
      ':title': title,
      ':version': version,
      ':gsi1pk': 'list',
      ':gsi1sk': isoTime(version),
    }),
  ),
  someNews.map((news) => named(`SET #availability.#sku = :news${withoutOutbox}`, { ':news': news })),
  someNews.map(({ available, sequence }) =>
    named('SET #available = :available, #sequence = :sequence', { ':available': available, ':sequence': sequence }),
  ),
  fc.constantFrom('+', '-').map((sign) => named(`SET #taken = #taken ${sign} :one`, { ':one': 1 })),
  fc.constant(named('SET #state = :sent', { ':sent': 'sent' })),
)

const term: fc.Arbitrary<Piece> = fc.oneof(
  someNumber.map((value) => piece((of) => of(value))),
  numberPath.map((path) => piece(() => path)),
  fc.tuple(numberPath, someNumber).map(([path, value]) => piece((of) => `if_not_exists(${path}, ${of(value)})`)),
)

const assigned: fc.Arbitrary<Piece> = fc.oneof(
  term,
  anyValue.map((value) => piece((of) => of(value))),
  fc
    .tuple(term, fc.constantFrom('+', '-'), term)
    .map(([left, sign, right]) => piece((of) => `${left.text(of)} ${sign} ${right.text(of)}`)),
)

/** Keys of indexes are texts that are not empty, or, to be refused, numbers. */
const assignment: fc.Arbitrary<{ path: string; value: Piece }> = fc.oneof(
  fc.record({ path: fc.oneof(numberPath, fc.constantFrom('#state', '#availability.#sku', '#x.#y')), value: assigned }),
  fc.record({
    path: fc.constantFrom('#gsi1pk', '#gsi1sk', '#gsi2pk', '#gsi2sk', '#gsi3pk', '#gsi3sk'),
    value: fc
      .oneof({ arbitrary: fc.constantFrom('list', 'other', '1', '2'), weight: 9 }, { arbitrary: someNumber, weight: 1 })
      .map((value) => piece((of) => of(value))),
  }),
  fc.record({
    path: fc.constant('#availability'),
    value: fc.constantFrom({}, { [someSku]: { sequence: 1, available: 1 } }).map((value) => piece((of) => of(value))),
  }),
)

const firstOf = (path: string): string => path.split('.')[0] ?? ''

const randomUpdates: fc.Arbitrary<Expression> = fc
  .record({
    sets: fc.uniqueArray(assignment, { minLength: 1, maxLength: 4, selector: ({ path }) => firstOf(path) }),
    removes: fc.uniqueArray(fc.constantFrom('#state', '#taken', '#gsi1pk', '#gsi2sk', '#gsi3pk', '#nowhere'), {
      maxLength: 2,
    }),
  })
  .map(({ sets, removes }) => {
    const gone = removes.filter((path) => sets.every((one) => firstOf(one.path) !== path))
    return joined(
      'u',
      piece((of) => {
        const set = `SET ${sets.map(({ path, value }) => `${path} = ${value.text(of)}`).join(', ')}`
        return gone.length > 0 ? `${set} REMOVE ${gone.join(', ')}` : set
      }),
    )
  })

export const someUpdate: fc.Arbitrary<Expression> = fc.oneof(
  writtenUpdates,
  randomUpdates,
  fc.constant(named('REMOVE #gsi1pk, #gsi1sk')),
)
