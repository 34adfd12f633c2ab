import { type Project, project } from '../../../shared/runtime/project.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { projections } from '../search-contract.ts'
import { type SearchTable, searchTable } from '../search-table.ts'
import { productIdIn } from '../table.ts'

export const indexProducts =
  ({ index }: { index: Pick<SearchTable, 'index'> }): Project =>
  (key) =>
    index.index(productIdIn(key))

export const handler = project(projections.indexProducts, () => indexProducts({ index: searchTable(openTable()) }))
