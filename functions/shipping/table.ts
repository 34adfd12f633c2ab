/** One item for each order's shipment: pk `shipment#<orderId>`, sk `shipment`. An order has at most one. */
import * as z from 'zod/mini'
import { Address } from '../../shared/contract/schema.ts'
import type { NewId } from '../../shared/domain/ids.ts'
import type { Now } from '../../shared/runtime/clock.ts'
import { type Fact, nextVersion } from '../../shared/runtime/outbox.ts'
import { notThere, type Table, versionIs } from '../../shared/runtime/table.ts'
import { ShipmentStatus } from './contract.ts'
import type { Shipment } from './domain.ts'

const StoredShipment = z.object({
  id: z.string(),
  orderId: z.string(),
  customerId: z.string(),
  status: ShipmentStatus,
  carrier: z.optional(z.string()),
  trackingNumber: z.optional(z.string()),
  methodId: z.optional(z.string()),
  address: z.optional(Address),
  lines: z.array(z.object({ sku: z.string(), title: z.string(), quantity: z.int() })),
  events: z.array(z.object({ at: z.string(), status: ShipmentStatus })),
  version: z.int(),
  sequence: z.int(),
})

const keyOf = (orderId: string) => ({ pk: `shipment#${orderId}`, sk: 'shipment' })

export const shipmentsTable = ({ table, now, newId }: { table: Table; now: Now; newId: NewId }) => ({
  async get(orderId: string): Promise<Shipment | undefined> {
    const item = await table.get(keyOf(orderId))
    return item && StoredShipment.parse(item)
  },

  /** Writes the next version; version 0 stands for one that must not exist yet. @returns undefined when the race was lost */
  async save(shipment: Shipment, facts: readonly Fact[] = []): Promise<Shipment | undefined> {
    const next = nextVersion(shipment.id, shipment, facts, { now, newId })
    const written = await table.write([
      {
        put: { ...keyOf(shipment.orderId), ...shipment, ...next },
        when: shipment.version === 0 ? notThere : versionIs(shipment.version),
      },
    ])
    return written.ok ? { ...shipment, version: next.version, sequence: next.sequence } : undefined
  },
})

export type ShipmentsTable = ReturnType<typeof shipmentsTable>
