import { project } from '../../../../shared/runtime/project.ts'
import { productIdIn } from '../../products/table.ts'
import { projections } from '../contract.ts'
import * as searchParts from '../parts.ts'

export const handler = project(
  projections.indexProducts,
  { index: searchParts.index },
  function indexProducts(key, { index }) {
    return index.index(productIdIn(key))
  },
)
