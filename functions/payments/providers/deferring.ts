/** The provider, for functions that may ask it for an authorization: it may put work aside for later. */
import { openTable } from '../../../shared/runtime/table.ts'
import { defer } from '../../../shared/runtime/task.ts'
import { create } from './chosen/adapter.ts'

export const provider = () => create({ table: openTable(), defer })
