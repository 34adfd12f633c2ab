import { type Consume, consume } from '../../../shared/runtime/consume.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { consumers } from '../contract.ts'
import { type PurchasesTable, purchasesTable } from '../purchases-table.ts'

export const noteDelivery =
  ({ purchases }: { purchases: Pick<PurchasesTable, 'noteDelivered'> }): Consume<typeof consumers.noteDelivery> =>
  ({ data: { orderId } }) =>
    purchases.noteDelivered(orderId)

export const handler = consume(consumers.noteDelivery, () =>
  noteDelivery({ purchases: purchasesTable({ table: openTable() }) }),
)
