/** The provider of this shop, for functions that ask it for something. */
import { openTable } from '../../../shared/runtime/table.ts'
import { create } from './chosen/adapter.ts'

export const provider = () => create({ table: openTable() })
