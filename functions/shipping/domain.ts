/** Shipping methods and their prices; what may become of a shipment. Pure. */
import type * as z from 'zod/mini'
import type { Address, Options } from '../../shared/contract/schema.ts'
import { erasedUserId } from '../../shared/domain/erased-user.ts'
import { type Money, minorUnitDigits, money } from '../../shared/domain/money.ts'
import type { ShipmentStatus } from './contract.ts'

/** How far away a country is from the house, in carriers' terms. */
export type Zone = 'domestic' | 'union' | 'continent' | 'world'

const home = 'DE'
const union = new Set('AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' '))
const continent = new Set('AD AL AX BA BY CH FO GB GG GI IM IS JE LI MC MD ME MK NO RS SJ SM TR UA VA XK'.split(' '))

/**
 * Where no parcel goes: places without people or post of their own, and, by Council Regulation (EU) 2017/1509, North Korea. As of
 * 2026-01-01.
 */
const unserved = new Set('AQ BV GS HM IO KP TF UM'.split(' '))

export const zoneOf = (country: string): Zone => {
  if (country === home) return 'domestic'
  if (union.has(country)) return 'union'
  return continent.has(country) ? 'continent' : 'world'
}

type Band = {
  /** The first parcel, up to 5 kg, in hundredths of the currency's main unit. */
  base: number
  /** Each further kilogram begun, likewise. */
  perKilogram: number
  /** Working days. */
  days: { min: number; max: number }
}

type Method = { id: string; title: string; zones: Partial<Record<Zone, Band>> }

const includedGrams = 5_000

/**
 * Hundredths of the main unit, scaled by the currency's exponent and rounded up: 490 is 4.90 EUR. Made for currencies whose
 * main unit is worth about a euro; a shop that sells in another sets its own table.
 */
export const methods: readonly Method[] = [
  {
    id: 'standard',
    title: 'Standard',
    zones: {
      domestic: { base: 490, perKilogram: 40, days: { min: 2, max: 3 } },
      union: { base: 990, perKilogram: 80, days: { min: 3, max: 6 } },
      continent: { base: 1490, perKilogram: 150, days: { min: 4, max: 8 } },
      world: { base: 2490, perKilogram: 450, days: { min: 6, max: 14 } },
    },
  },
  {
    id: 'express',
    title: 'Express',
    zones: {
      domestic: { base: 990, perKilogram: 90, days: { min: 1, max: 1 } },
      union: { base: 1990, perKilogram: 190, days: { min: 1, max: 2 } },
      continent: { base: 2990, perKilogram: 350, days: { min: 2, max: 3 } },
    },
  },
]

const priceOf = (band: Band, weightGrams: number, currency: string): Money => {
  const furtherKilograms = Math.ceil(Math.max(0, weightGrams - includedGrams) / 1000)
  const hundredths = band.base + band.perKilogram * furtherKilograms
  return money(Math.ceil((hundredths * 10 ** minorUnitDigits(currency)) / 100), currency)
}

export type Offer = { id: string; title: string; price: Money; deliveryDays: { min: number; max: number } }

/** The methods that go to a country, none where no parcel goes, with the price of this weight. @param weightGrams grams, all lines together */
export const offersFor = (country: string, weightGrams: number, currency: string): Offer[] =>
  methods.flatMap(({ id, title, zones }) => {
    const band = unserved.has(country) ? undefined : zones[zoneOf(country)]
    return band ? [{ id, title, price: priceOf(band, weightGrams, currency), deliveryDays: band.days }] : []
  })

export type Status = z.infer<typeof ShipmentStatus>

export type Shipment = {
  id: string
  orderId: string
  customerId: string
  status: Status
  /** The order's number, and where mail goes: as long as it may still be told that it is on its way. */
  number?: string | undefined
  email?: string | undefined
  carrier?: string | undefined
  trackingNumber?: string | undefined
  address?: Address | undefined
  /** What was ordered as it is known for ever: titles change, and stand in the order. */
  lines: readonly {
    sku: string
    productId?: string | undefined
    /** What to take from the shelf; absent where a product has one variant only. */
    options?: Options | undefined
    quantity: number
  }[]
  /** `by`: the staff member, where it was one. */
  events: readonly { at: string; status: Status; by?: string | undefined }[]
  version: number
  sequence: number
}

/** Every transition that there is. */
export const transitions: Readonly<Record<Status, readonly Status[]>> = {
  pending: ['dispatched', 'stopped'],
  dispatched: ['delivered'],
  delivered: [],
  stopped: [],
}

/** What was sent and when stays; the addresses go, and the number that leads to one at the carrier's. */
export const withoutPerson = ({
  address: _,
  email: _email,
  carrier: _carrier,
  trackingNumber: _number,
  ...shipment
}: Shipment): Shipment => ({
  ...shipment,
  customerId: erasedUserId,
})

/** Of what has arrived or was stopped, no mail goes any more. */
const withoutMail = ({ number: _, email: _email, ...shipment }: Shipment): Shipment => shipment

/** @returns the shipment in its new status, or undefined when it cannot take it @param at RFC 3339 */
export const moveShipment = (shipment: Shipment, status: Status, at: string, by?: string): Shipment | undefined => {
  if (!transitions[shipment.status].includes(status)) return undefined
  const event = { at, status, ...(by === undefined ? {} : { by }) }
  const after = { ...shipment, status, events: [...shipment.events, event] }
  return status === 'dispatched' ? after : withoutMail(after)
}
