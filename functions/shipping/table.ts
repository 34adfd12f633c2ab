/**
 * | item or index | pk | sk |
 * |---|---|---|
 * | an order's shipment; an order has at most one | `shipment#<orderId>` | `shipment` |
 * | a carrier's event that moved it, kept 30 days | `shipment#<orderId>` | `carrier-event#<carrier>#<eventId>` |
 * | gsi1, keys only: the shipments in a parcel | `parcel#<carrier>#<trackingNumber>` | `shipment` |
 * | gsi2, keys only: someone's shipments | `person#<customerId>` | `<orderId>` |
 *
 * A shipment of an order of one or two lines is kept below 1 KB, a write unit, until it is sent: its events copy from it what it holds (outbox.ts),
 * titles stand in the order, and nothing in gsi1 needs to be told apart by its sort key.
 */
import * as z from 'zod/mini'
import { Address, Options } from '../../shared/contract/schema.ts'
import { now } from '../../shared/runtime/clock.ts'
import { type NewEvent, nextVersion } from '../../shared/runtime/outbox.ts'
import { ownerIndex, ownerKeys, ownerOf } from '../../shared/runtime/owner-index.ts'
import { type Item, type Key, notThere, type Table, versionIs } from '../../shared/runtime/table.ts'
import { ShipmentStatus } from './contract.ts'
import type { Shipment } from './domain.ts'

const StoredShipment = z.object({
  shipmentId: z.string(),
  orderId: z.string(),
  customerId: z.string(),
  status: ShipmentStatus,
  number: z.optional(z.string()),
  email: z.optional(z.string()),
  carrier: z.optional(z.string()),
  trackingNumber: z.optional(z.string()),
  address: z.optional(Address),
  lines: z.array(
    z.object({
      sku: z.string(),
      productId: z.optional(z.string()),
      options: z.optional(Options),
      quantity: z.int(),
    }),
  ),
  events: z.array(z.object({ at: z.string(), status: ShipmentStatus, by: z.optional(z.string()) })),
  version: z.int(),
  sequence: z.int(),
})

const shipmentOf = (item: Item): Shipment => {
  const { shipmentId: id, ...rest } = StoredShipment.parse(item)
  return { id, ...rest }
}

/** What an event may copy from a shipment's item. */
type ShipmentAttribute = Exclude<keyof z.infer<typeof StoredShipment>, 'version' | 'sequence'>

const parcelOf = (carrier: string, trackingNumber: string): string => `parcel#${carrier}#${trackingNumber}`

const parcelKeysOf = ({ carrier, trackingNumber }: Shipment): Record<string, string> =>
  carrier === undefined || trackingNumber === undefined
    ? {}
    : { gsi1pk: parcelOf(carrier, trackingNumber), gsi1sk: 'shipment' }

const seenForSeconds = 30 * 24 * 60 * 60
/** Orders in one parcel: more than a house packs into one. */
const maxPerParcel = 20

const keyOf = (orderId: string) => ({ pk: `shipment#${orderId}`, sk: 'shipment' })

export const shipmentsTable = (table: Table) => ({
  async get(orderId: string): Promise<Shipment | undefined> {
    const item = await table.get(keyOf(orderId))
    return item && shipmentOf(item)
  },

  /** Lists the orders in a parcel; the index lags behind by a moment. */
  async listOfParcel(carrier: string, trackingNumber: string): Promise<string[]> {
    const { items } = await table.query({ index: 'gsi1', pk: parcelOf(carrier, trackingNumber), limit: maxPerParcel })
    return items.map(({ pk }) => String(pk).slice('shipment#'.length))
  },

  /**
   * Writes the next version; version 0 stands for one that must not exist yet. A carrier's event is remembered in the same
   * write. @returns undefined when the race was lost, or that event was had before
   */
  async save(
    shipment: Shipment,
    newEvents: readonly NewEvent<ShipmentAttribute>[] = [],
    carrierEventId?: string,
  ): Promise<Shipment | undefined> {
    const { id: shipmentId, ...rest } = shipment
    const next = nextVersion(shipmentId, shipment, newEvents)
    const mark = {
      pk: keyOf(shipment.orderId).pk,
      sk: `carrier-event#${shipment.carrier}#${carrierEventId}`,
      expiresAt: Math.floor(now() / 1000) + seenForSeconds,
    }
    const written = await table.write([
      {
        put: {
          ...keyOf(shipment.orderId),
          shipmentId,
          ...rest,
          ...parcelKeysOf(shipment),
          ...ownerKeys('gsi2', shipment.customerId, shipment.orderId),
          ...next,
        },
        when: shipment.version === 0 ? notThere : versionIs(shipment.version),
        else: 'raced',
      },
      ...(carrierEventId === undefined ? [] : [{ put: mark, when: notThere, else: 'seen' as const }]),
    ])
    return written.ok ? { ...shipment, version: next.version, sequence: next.sequence } : undefined
  },

  /** The order whose shipment stands under a key. */
  orderOf: ({ pk }: Key): string => pk.slice('shipment#'.length),

  /** Whom to write down as the customer of a new shipment. */
  customerOf: (customerId: string) => ownerOf(table, customerId),

  /** Lists keys of a person's shipments; the index lags behind by a moment. */
  listOfCustomer: ownerIndex(table, 'gsi2').list,

  /** A page of someone's shipments. @param position the order's id that the page before ended at @param limit at most 100 */
  async pageOfCustomer(customerId: string, position: string | undefined, limit: number) {
    const page = await ownerIndex(table, 'gsi2').page(customerId, position, limit)
    return { shipments: page.found.map(({ item }) => shipmentOf(item)), more: page.more }
  },
})

export type ShipmentsTable = ReturnType<typeof shipmentsTable>
