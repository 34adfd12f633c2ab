import { newId, now } from '../../../shared/runtime/clock.ts'
import { type Consume, consume } from '../../../shared/runtime/consume.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { changeOrLeave, type Reservations } from '../advance.ts'
import { consumers } from '../contract.ts'
import { cancelled } from '../domain.ts'
import { inventoryTable } from '../table.ts'

export const releaseStock =
  ({ inventory }: { inventory: Reservations }): Consume<typeof consumers.releaseStock> =>
  ({ data: { orderId } }) =>
    changeOrLeave(inventory)(orderId, cancelled)

export const handler = consume(consumers.releaseStock, () =>
  releaseStock({ inventory: inventoryTable({ table: openTable(), now, newId }) }),
)
