/** Deliberate bugs in reviews, friendships, and what is left of people. */

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: texts of sources, which hold such strings
import { type Sabotage, sabotage } from './sabotage.ts'

const relationsTable = 'functions/relations/table.ts'
const reviewsTable = 'functions/reviews/table.ts'

export const peopleSabotages: readonly Sabotage[] = [
  sabotage('rating-in-a-second-write', {
    file: reviewsTable,
    from: 'const written = await table.write(changes, { idempotencyKey, resource: review.id })',
    to: `const written = await table.write(changes.slice(0, 3), { idempotencyKey, resource: review.id })
      if (written.ok) await table.write(changes.slice(3))`,
  }),
  sabotage('review-in-no-place-of-its-own', {
    file: reviewsTable,
    from: "{ put: place, when: notThere, else: 'taken' },",
    to: '{ put: place },',
  }),
  sabotage('older-rating-shown', {
    file: 'functions/catalog/products/table.ts',
    from: '(attribute_not_exists(#rating) OR #rating.#sequence < :sequence)',
    to: '(attribute_not_exists(#rating) OR #rating.#sequence < :sequence OR #rating.#sequence > :sequence)',
  }),
  sabotage('follower-counted-without-its-condition', {
    file: relationsTable,
    from: "return { put: { ...key, ...after, ...indexKeysOf(after), ...next }, when: unchanged(before), else: 'lost' }",
    to: 'return { put: { ...key, ...after, ...indexKeysOf(after), ...next } }',
  }),
  sabotage('friends-marked-without-looking-again', {
    file: relationsTable,
    from: "if (before === after) return { check: key, when: unchanged(before), else: 'lost' }",
    to: "if (before === after) return { check: key, when: { expression: 'attribute_not_exists(#nothing)' }, else: 'lost' }",
  }),
  sabotage('follow-counted-though-erased', {
    file: relationsTable,
    from: '  when: countsNotErased,',
    to: '',
  }),
  sabotage('erasure-that-keeps-the-address', {
    file: 'functions/orders/privacy/domain.ts',
    from: 'shippingAddress: erasedAddress(order.shippingAddress),',
    to: 'shippingAddress: order.shippingAddress,',
  }),
]
