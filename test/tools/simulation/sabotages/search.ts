/** Deliberate bugs of what search knows. */
import { type Sabotage, sabotage } from './sabotage.ts'

const searchIndex = 'functions/catalog/search/search-index.ts'

export const searchSabotages: readonly Sabotage[] = [
  sabotage('card-without-its-revision', {
    file: searchIndex,
    from: "revision === 0 ? notThere : { expression: '#revision = :before', values: { ':before': revision } }",
    to: "({ expression: 'attribute_not_exists(#nothing)' })",
  }),
  sabotage('archived-product-left-in-search', {
    file: searchIndex,
    from: 'const shown = product && isActive(product) ? product : undefined',
    to: 'const shown = product',
  }),
]
