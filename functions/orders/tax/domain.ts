/**
 * Tax. The rate is that of the area the goods go to (areas.ts), on the day of the order; areas that stand in no row pay
 * none. Rule of rounding: each line, and the shipping as a line of its own, is rounded half up to the minor unit; an
 * order's tax is the sum of these.
 *
 * Source of the standard rates: European Commission, "VAT rates applied in the Member States"; national tax offices for
 * GB, CH and NO. As of 2025-07-01. A change is a new row with its date; old rows stay, for orders of that time.
 */
import { type Place, taxAreaOf } from './areas.ts'

/** Basis points: 1900 is 19 %. Rows of one area in any order; the latest `from` that is not after the day counts. */
type TaxRate = { area: string; from: string; basisPoints: number }

export const taxRates: readonly TaxRate[] = [
  { area: 'AT', from: '1984-01-01', basisPoints: 2000 },
  { area: 'AT-JM', from: '2007-01-01', basisPoints: 1900 },
  { area: 'BE', from: '1996-01-01', basisPoints: 2100 },
  { area: 'BG', from: '1999-01-01', basisPoints: 2000 },
  { area: 'CH', from: '2018-01-01', basisPoints: 770 },
  { area: 'CH', from: '2024-01-01', basisPoints: 810 },
  { area: 'CY', from: '2014-01-13', basisPoints: 1900 },
  { area: 'CZ', from: '2013-01-01', basisPoints: 2100 },
  { area: 'DE', from: '2007-01-01', basisPoints: 1900 },
  { area: 'DE', from: '2020-07-01', basisPoints: 1600 },
  { area: 'DE', from: '2021-01-01', basisPoints: 1900 },
  { area: 'DK', from: '1992-01-01', basisPoints: 2500 },
  { area: 'EE', from: '2024-01-01', basisPoints: 2200 },
  { area: 'EE', from: '2025-07-01', basisPoints: 2400 },
  { area: 'ES', from: '2012-09-01', basisPoints: 2100 },
  { area: 'FI', from: '2013-01-01', basisPoints: 2400 },
  { area: 'FI', from: '2024-09-01', basisPoints: 2550 },
  { area: 'FR', from: '2014-01-01', basisPoints: 2000 },
  { area: 'GB', from: '2011-01-04', basisPoints: 2000 },
  { area: 'GR', from: '2016-06-01', basisPoints: 2400 },
  { area: 'HR', from: '2012-03-01', basisPoints: 2500 },
  { area: 'HU', from: '2012-01-01', basisPoints: 2700 },
  { area: 'IE', from: '2021-03-01', basisPoints: 2300 },
  { area: 'IT', from: '2013-10-01', basisPoints: 2200 },
  { area: 'LT', from: '2009-09-01', basisPoints: 2100 },
  { area: 'LU', from: '2024-01-01', basisPoints: 1700 },
  { area: 'LV', from: '2012-07-01', basisPoints: 2100 },
  { area: 'MT', from: '2004-01-01', basisPoints: 1800 },
  { area: 'NL', from: '2012-10-01', basisPoints: 2100 },
  { area: 'NO', from: '2005-01-01', basisPoints: 2500 },
  { area: 'PL', from: '2011-01-01', basisPoints: 2300 },
  { area: 'PT', from: '2011-01-01', basisPoints: 2300 },
  { area: 'PT-20', from: '2014-01-01', basisPoints: 1800 },
  { area: 'PT-20', from: '2021-07-01', basisPoints: 1600 },
  { area: 'PT-30', from: '2012-04-01', basisPoints: 2200 },
  { area: 'RO', from: '2017-01-01', basisPoints: 1900 },
  { area: 'RO', from: '2025-08-01', basisPoints: 2100 },
  { area: 'SE', from: '1990-07-01', basisPoints: 2500 },
  { area: 'SI', from: '2013-07-01', basisPoints: 2200 },
  { area: 'SK', from: '2011-01-01', basisPoints: 2000 },
  { area: 'SK', from: '2025-01-01', basisPoints: 2300 },
  { area: 'XI', from: '2021-01-01', basisPoints: 2000 },
]

/** @param day RFC 3339 date or time, compared by its first ten characters @returns basis points */
export const taxRateOf = (place: Place, day: string): number => {
  const area = taxAreaOf(place, day)
  const valid = taxRates.filter((rate) => rate.area === area && rate.from <= day.slice(0, 10))
  return valid.toSorted((a, b) => (a.from < b.from ? 1 : -1))[0]?.basisPoints ?? 0
}

const roundedHalfUp = (numerator: bigint, denominator: bigint): number =>
  Number((2n * numerator + denominator) / (2n * denominator))

/** @param amountMinor minor units that the tax comes on top of @returns minor units */
export const taxOnTop = (amountMinor: number, basisPoints: number): number =>
  roundedHalfUp(BigInt(amountMinor) * BigInt(basisPoints), 10_000n)

/** @param amountMinor minor units that the tax is part of @returns minor units */
export const taxContained = (amountMinor: number, basisPoints: number): number =>
  roundedHalfUp(BigInt(amountMinor) * BigInt(basisPoints), BigInt(10_000 + basisPoints))
