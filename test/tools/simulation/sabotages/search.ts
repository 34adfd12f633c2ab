/** Deliberate bugs of what search knows. */
import { type Sabotage, sabotage } from './sabotage.ts'

const searchIndex = 'functions/catalog/search/search-index.ts'

export const searchSabotages: readonly Sabotage[] = [
  sabotage('card-without-its-revision', {
    file: searchIndex,
    from: "{ put: cardItem(productId, after, now()), when, else: 'raced' }",
    to: '{ put: cardItem(productId, after, now()) }',
  }),
  sabotage('archived-product-left-in-search', {
    file: searchIndex,
    from: 'const wanted = product && isActive(product) ? cardOf(product) : undefined',
    to: 'const wanted = product ? cardOf(product) : undefined',
  }),
]
