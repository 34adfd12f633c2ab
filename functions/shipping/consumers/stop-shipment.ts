import { newId, now } from '../../../shared/runtime/clock.ts'
import { type Consume, consume } from '../../../shared/runtime/consume.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { consumers } from '../contract.ts'
import { stopped } from '../stopped.ts'
import { shipmentsTable } from '../table.ts'

/** Tells nobody: the order, which would be told, has said it. */
export const stopShipment =
  ({ stop }: { stop: ReturnType<typeof stopped> }): Consume<typeof consumers.stopShipment> =>
  async ({ data: { orderId, customerId } }) => {
    await stop({ orderId, customerId })
  }

export const handler = consume(consumers.stopShipment, () =>
  stopShipment({ stop: stopped({ shipments: shipmentsTable({ table: openTable(), now, newId }), newId, now }) }),
)
