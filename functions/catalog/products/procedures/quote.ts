import { provide } from '../../../../shared/runtime/call.ts'
import { newId, now } from '../../../../shared/runtime/clock.ts'
import { openTable } from '../../../../shared/runtime/table.ts'
import { quote } from '../../../published/catalog.ts'
import { catalogTable } from '../table.ts'

export const handler = provide(quote, () => {
  const catalog = catalogTable({ table: openTable(), now, newId })
  return async ({ skus }) => ({ variants: await catalog.quote(skus) })
})
