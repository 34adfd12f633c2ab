import { provide } from '../../../shared/runtime/call.ts'
import { exportPage } from '../../../shared/runtime/export.ts'
import * as published from '../../published/shipping.ts'
import * as parts from '../parts.ts'
import { viewOf } from '../view.ts'

const shipmentsPerPage = 50

export const handler = provide(
  published.exportPerson,
  { shipments: parts.shipments },
  function exportPerson(person, { shipments }) {
    return exportPage(person, {
      shipment: async (userId, after) => {
        const page = await shipments.pageOfCustomer(userId, after, shipmentsPerPage)
        const entries = page.shipments.map((shipment) => ({
          at: shipment.orderId,
          record: { ...viewOf(shipment), address: shipment.address, email: shipment.email, lines: shipment.lines },
        }))
        return { entries, more: page.more }
      },
    })
  },
)
