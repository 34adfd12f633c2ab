/**
 * Tax. The rate is that of the country the goods go to, on the day of the order; countries that stand in no row pay
 * none. Rule of rounding: each line, and the shipping as a line of its own, is rounded half up to the minor unit; an
 * order's tax is the sum of these.
 *
 * Source of the standard rates: European Commission, "VAT rates applied in the Member States"; national tax offices for
 * GB, CH and NO. As of 2025-07-01. A change is a new row with its date; old rows stay, for orders of that time.
 */

/** Basis points: 1900 is 19 %. Rows of one country in any order; the latest `from` that is not after the day counts. */
type TaxRate = { country: string; from: string; basisPoints: number }

export const taxRates: readonly TaxRate[] = [
  { country: 'AT', from: '1984-01-01', basisPoints: 2000 },
  { country: 'BE', from: '1996-01-01', basisPoints: 2100 },
  { country: 'BG', from: '1999-01-01', basisPoints: 2000 },
  { country: 'CH', from: '2018-01-01', basisPoints: 770 },
  { country: 'CH', from: '2024-01-01', basisPoints: 810 },
  { country: 'CY', from: '2014-01-13', basisPoints: 1900 },
  { country: 'CZ', from: '2013-01-01', basisPoints: 2100 },
  { country: 'DE', from: '2007-01-01', basisPoints: 1900 },
  { country: 'DE', from: '2020-07-01', basisPoints: 1600 },
  { country: 'DE', from: '2021-01-01', basisPoints: 1900 },
  { country: 'DK', from: '1992-01-01', basisPoints: 2500 },
  { country: 'EE', from: '2024-01-01', basisPoints: 2200 },
  { country: 'EE', from: '2025-07-01', basisPoints: 2400 },
  { country: 'ES', from: '2012-09-01', basisPoints: 2100 },
  { country: 'FI', from: '2013-01-01', basisPoints: 2400 },
  { country: 'FI', from: '2024-09-01', basisPoints: 2550 },
  { country: 'FR', from: '2014-01-01', basisPoints: 2000 },
  { country: 'GB', from: '2011-01-04', basisPoints: 2000 },
  { country: 'GR', from: '2016-06-01', basisPoints: 2400 },
  { country: 'HR', from: '2012-03-01', basisPoints: 2500 },
  { country: 'HU', from: '2012-01-01', basisPoints: 2700 },
  { country: 'IE', from: '2021-03-01', basisPoints: 2300 },
  { country: 'IT', from: '2013-10-01', basisPoints: 2200 },
  { country: 'LT', from: '2009-09-01', basisPoints: 2100 },
  { country: 'LU', from: '2024-01-01', basisPoints: 1700 },
  { country: 'LV', from: '2012-07-01', basisPoints: 2100 },
  { country: 'MT', from: '2004-01-01', basisPoints: 1800 },
  { country: 'NL', from: '2012-10-01', basisPoints: 2100 },
  { country: 'NO', from: '2005-01-01', basisPoints: 2500 },
  { country: 'PL', from: '2011-01-01', basisPoints: 2300 },
  { country: 'PT', from: '2011-01-01', basisPoints: 2300 },
  { country: 'RO', from: '2017-01-01', basisPoints: 1900 },
  { country: 'RO', from: '2025-08-01', basisPoints: 2100 },
  { country: 'SE', from: '1990-07-01', basisPoints: 2500 },
  { country: 'SI', from: '2013-07-01', basisPoints: 2200 },
  { country: 'SK', from: '2011-01-01', basisPoints: 2000 },
  { country: 'SK', from: '2025-01-01', basisPoints: 2300 },
]

/** @param day RFC 3339 date or time, compared by its first ten characters */
export const taxRateOf = (country: string, day: string, rates: readonly TaxRate[] = taxRates): number => {
  const valid = rates.filter((rate) => rate.country === country && rate.from <= day.slice(0, 10))
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
