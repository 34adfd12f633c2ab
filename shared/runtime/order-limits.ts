/** How much one order, and the guests of one network, may keep from others: as the stage is configured. */
import { optionalSetting } from './settings.ts'

export type OrderLimits = {
  /** Of one variant in one order. */
  unitsPerLine: number
  /** That guests of one network may order in a quarter of an hour, of all variants together; undefined: as many as they like. */
  guestUnitsPerNetwork?: number | undefined
}

/** What an order may hold of one variant where the stage says nothing. */
export const defaultUnitsPerLine = 99

export const orderLimits = (): OrderLimits => {
  const guestUnits = optionalSetting('SHOP_GUEST_UNITS_PER_NETWORK')
  return {
    unitsPerLine: Number(optionalSetting('SHOP_UNITS_PER_LINE') ?? defaultUnitsPerLine),
    guestUnitsPerNetwork: guestUnits === undefined ? undefined : Number(guestUnits),
  }
}
