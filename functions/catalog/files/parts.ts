/** What functions of imports and exports need besides the parts of the catalogue. */
import { bucket } from '../../../shared/runtime/bucket.ts'
import { setting } from '../../../shared/runtime/settings.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { transferTable } from './table.ts'

export const imports = () => transferTable(openTable())
export const files = () => bucket(setting('BUCKET_NAME'))
