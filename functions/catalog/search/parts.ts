/** What functions of the search need besides the parts of the catalogue. */
import { openTable } from '../../../shared/runtime/table.ts'
import { searchIndex } from './search-index.ts'
import { searchTable } from './table.ts'

export const index = () => searchIndex(openTable())
export const search = () => searchTable(openTable())
