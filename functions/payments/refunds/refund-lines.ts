/**
 * What a refund is for: lines of the order, its shipping, or neither. So a part that was given back by hand is not given back
 * again when the goods come, and all parts of a line together never exceed what was paid for it. Pure; amounts in minor units.
 */
import { shareOfUnits } from '../../../shared/domain/money.ts'
import { ok, type Result, refused } from '../../../shared/domain/result.ts'
import type { Refund, RefundLine } from './refund.ts'

/** What was paid for a line, its tax included. `bought`: units. */
export type PaidLine = { sku: string; bought: number; paidMinor: number }

/** What staff ask for: so many units of a line, or an amount. */
export type WantedLine = { sku: string; units?: number | undefined; amountMinor?: number | undefined }

/** A line that units have come back of: `returned` counts those of all returns so far. */
export type ReturnedLine = PaidLine & { returned: number }

type Refunds = { readonly refunds: readonly Refund[] }

const partsOf = ({ refunds }: Refunds, sku: string): RefundLine[] =>
  refunds.flatMap(({ lines = [] }) => lines.filter((line) => line.sku === sku))

const sumOf = (parts: readonly { amountMinor: number }[]): number =>
  parts.reduce((sum, { amountMinor }) => sum + amountMinor, 0)

/** Units that were paid back ahead of their return. */
const unitsOf = (parts: readonly RefundLine[]): number => parts.reduce((sum, { units = 0 }) => sum + units, 0)

/** What of a refund was for goods: what is not said to be for the shipping. */
const forGoods = ({ amountMinor, shippingMinor = 0 }: Refund) => ({ amountMinor: amountMinor - shippingMinor })

const isUnnamed = ({ lines }: Refund): boolean => lines === undefined

/**
 * The lines of a refund by staff, each with its amount.
 * @param paid the lines of the order
 */
export const refundLines = (
  payment: Refunds,
  wanted: readonly WantedLine[],
  paid: readonly PaidLine[],
): Result<RefundLine[], 'NOT_ORDERED' | 'REFUND_TOO_LARGE'> => {
  const lines: RefundLine[] = []
  for (const { sku, units, amountMinor } of wanted) {
    const line = paid.find((one) => one.sku === sku)
    if (!line) return refused('NOT_ORDERED', `The order has no line ${sku}.`)
    const parts = partsOf(payment, sku)
    const before = unitsOf(parts)
    if (units !== undefined && before + units > line.bought)
      return refused('REFUND_TOO_LARGE', `Of ${sku}, ${line.bought - before} units have not been paid back.`)
    const share = (count: number) => shareOfUnits(line.paidMinor, count, line.bought)
    const amount = units === undefined ? (amountMinor ?? 0) : share(before + units) - share(before)
    const left = line.paidMinor - sumOf(parts)
    if (amount > left) return refused('REFUND_TOO_LARGE', `Of ${sku}, ${left} minor units can be given back.`)
    lines.push({ sku, ...(units === undefined ? {} : { units }), amountMinor: amount })
  }
  return ok(lines)
}

/** Shipping is given back once at most. */
export const shippingLeft = ({ refunds }: Refunds, paidMinor: number): number =>
  paidMinor - refunds.reduce((sum, { shippingMinor = 0 }) => sum + shippingMinor, 0)

/**
 * What is still to be paid for the goods that have come back: their share of each line, less what was given for it before. A
 * refund that does not say what it was for counts as given for whatever comes back, so that nothing is given back twice.
 */
export const refundOfGoods = (payment: Refunds, goods: readonly ReturnedLine[]): RefundLine[] => {
  const due = goods.map(({ sku, bought, paidMinor, returned }) => {
    const parts = partsOf(payment, sku)
    const cheaper = sumOf(payment.refunds.filter(isByHand).flatMap(({ lines = [] }) => lines.filter(isReduction(sku))))
    const share = shareOfUnits(paidMinor, Math.max(returned, unitsOf(parts)), bought)
    return { sku, amountMinor: Math.max(0, Math.min(paidMinor, share + cheaper) - sumOf(parts)) }
  })
  let left = Math.max(0, sumOf(due) - sumOf(payment.refunds.filter(isUnnamed).map(forGoods)))
  return due.flatMap((line) => {
    const amountMinor = Math.min(left, line.amountMinor)
    left -= amountMinor
    return amountMinor > 0 ? [{ sku: line.sku, amountMinor }] : []
  })
}

/** Refunds of returns go by the units that came back; a reduction is by hand only. */
const isByHand = ({ source }: Refund): boolean => source !== 'return'

const isReduction =
  (sku: string) =>
  (line: RefundLine): boolean =>
    line.sku === sku && line.units === undefined
