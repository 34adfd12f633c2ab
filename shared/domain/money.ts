/** Money as integers in minor units of an ISO 4217 currency. Nothing here rounds but where it says so. */

/** `amount`: minor units. */
export type Money = { amount: number; currency: string }

/** Minor units: the largest amount that the shop reckons with, far above any order and far below what a double holds exactly. */
export const maxTotal = 1_000_000_000_000

export const money = (amount: number, currency: string): Money => ({ amount, currency })

/** @throws TypeError when the currencies differ: mixing them is always a bug. */
export const addMoney = (a: Money, b: Money): Money => {
  if (a.currency !== b.currency) throw new TypeError(`cannot add ${b.currency} to ${a.currency}`)
  return { amount: a.amount + b.amount, currency: a.currency }
}

export const sumMoney = (amounts: readonly Money[], currency: string): Money =>
  amounts.reduce(addMoney, money(0, currency))

/** @param quantity a whole number of units */
export const timesMoney = (unit: Money, quantity: number): Money => ({
  amount: unit.amount * quantity,
  currency: unit.currency,
})

/**
 * What the first so many of a number of units were paid with: rounded down, all of them exactly the whole. The part from one
 * count of units to the next is the difference of both, so that parts, however they are cut, add up to what was paid.
 * @param paidMinor minor units for all of them @param of more than nothing
 */
export const shareOfUnits = (paidMinor: number, units: number, of: number): number =>
  Number((BigInt(paidMinor) * BigInt(units)) / BigInt(of))

/** Making a formatter costs a hundred times what using it does; a shop has one currency and few languages. */
const formatters = new Map<string, Intl.NumberFormat>()
const formatterOf = (locale: string, currency: string): Intl.NumberFormat => {
  const name = `${locale} ${currency}`
  const formatter = formatters.get(name) ?? new Intl.NumberFormat(locale, { style: 'currency', currency })
  formatters.set(name, formatter)
  return formatter
}

/** The number of decimal digits that ISO 4217 gives the currency's minor unit: EUR 2, JPY 0, JOD 3. */
export const minorUnitDigits = (currency: string): number =>
  formatterOf('en', currency).resolvedOptions().maximumFractionDigits ?? 2

/** `{amount: 1999, currency: 'EUR'}` -> `€19.99` in English. */
export const formatMoney = ({ amount, currency }: Money, locale = 'en'): string => {
  const format = formatterOf(locale, currency)
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2
  return format.format(amount / 10 ** digits)
}

/** `{amount: 1999, currency: 'EUR'}` -> `19.99`: exact, with all the digits of its currency, for files and other machines. */
export const decimalOf = ({ amount, currency }: Money): string => {
  const digits = minorUnitDigits(currency)
  const text = String(amount).padStart(digits + 1, '0')
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`
}

/**
 * `19.99` -> 1999 minor units of euro: exact, since no number with a fraction is ever made of it.
 * @returns undefined for what is no amount, is too large, or has more digits than the currency (but for zeros)
 */
export const moneyFromDecimal = (text: string, currency: string): Money | undefined => {
  const [, whole, fraction = ''] = /^(\d{1,13})(?:\.(\d{1,12}))?$/.exec(text.trim()) ?? []
  if (whole === undefined) return undefined
  const digits = minorUnitDigits(currency)
  if (/[1-9]/.test(fraction.slice(digits))) return undefined
  const amount = Number(whole + fraction.slice(0, digits).padEnd(digits, '0'))
  return amount > maxTotal ? undefined : { amount, currency }
}
