import { now } from '../../../../shared/runtime/clock.ts'
import { type Project, project } from '../../../../shared/runtime/project.ts'
import { openTable } from '../../../../shared/runtime/table.ts'
import { productIdIn } from '../../products/table.ts'
import { projections } from '../contract.ts'
import { type SearchIndex, searchIndex } from '../search-index.ts'

export const indexProducts =
  ({ index }: { index: SearchIndex }): Project =>
  (key) =>
    index.index(productIdIn(key))

export const handler = project(projections.indexProducts, () =>
  indexProducts({ index: searchIndex({ table: openTable(), now }) }),
)
