import { type Consume, consume } from '../../../../shared/runtime/consume.ts'
import { openTable } from '../../../../shared/runtime/table.ts'
import { consumers } from '../../contract.ts'
import { type PurchasesTable, purchasesTable } from '../table.ts'

/**
 * Nothing is noted of a buyer who was erased. Looking and writing are two steps: a mark that is set in between finds what was
 * written by the erasure's second pass, which comes when nothing that had looked before can still be writing.
 */
export const noteDelivery =
  ({
    purchases,
  }: {
    purchases: Pick<PurchasesTable, 'isErased' | 'noteReceived'>
  }): Consume<typeof consumers.noteDelivery> =>
  async ({ data: { customerId, lines = [] } }) => {
    const productIds = [...new Set(lines.flatMap(({ productId }) => productId ?? []))]
    if (customerId === undefined || productIds.length === 0) return
    if (!(await purchases.isErased(customerId))) await purchases.noteReceived(customerId, productIds)
  }

export const handler = consume(consumers.noteDelivery, () =>
  noteDelivery({ purchases: purchasesTable({ table: openTable() }) }),
)
