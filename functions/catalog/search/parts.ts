/** What functions of the search need besides the parts of the catalogue. */
import { tableVariable } from '../../../shared/contract/endpoint.ts'
import { setting } from '../../../shared/runtime/settings.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { searchIndex } from './search-index.ts'
import { searchTable } from './table.ts'

const ownTable = () => openTable({ name: setting(tableVariable('search')) })

export const index = () => searchIndex(openTable(), ownTable())
export const search = () => searchTable(ownTable())
