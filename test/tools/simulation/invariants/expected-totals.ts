/**
 * What an order must come to, reckoned from what was put into the cart and where it goes. The prices, rates and rules are
 * said here once more, and not taken from the shop: a mistake there must be seen.
 */
import { type SoldSku, skus, sold } from '../actors/fixtures.ts'
import type { Json } from '../cloud/http.ts'

/** Standard rates of value added tax since 2021-01-01 (DE) and 1984-01-01 (AT). Basis points. */
const taxRates: Readonly<Record<string, number>> = { DE: 1_900, AT: 2_000 }

/** The first 5 kg, and each further kilogram begun. Minor units of the euro. */
const carriage: Readonly<Record<string, Readonly<Record<string, readonly [first: number, further: number]>>>> = {
  DE: { standard: [490, 40], express: [990, 90] },
  AT: { standard: [990, 80], express: [1_990, 190] },
}

/** Half up, for what is not below zero. */
const rounded = (numerator: number, denominator: number): number =>
  Math.floor((2 * numerator + denominator) / (2 * denominator))

const taxOf = (amount: number, rate: number, isIncluded: boolean): number =>
  rounded(amount * rate, isIncluded ? 10_000 + rate : 10_000)

const soldAs = (sku: string): (typeof sold)[SoldSku] | undefined => {
  const known = skus.find((one) => one === sku)
  return known && sold[known]
}

/** Whether that was a variant's price at any time. @param amount minor units */
export const wasSoldAt = (sku: string, amount: number): boolean => soldAs(sku)?.prices.includes(amount) ?? false

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)

/** Minor units that were paid for each of an order's lines, with their tax. @param summary as its events have it */
export const paidForLines = ({ lines, shippingAddress, pricesIncludeTax }: Json): Map<string, number> => {
  const rate = taxRates[shippingAddress.country] ?? 0
  return new Map(
    lines.map(({ sku, quantity, unitPrice }: Json) => {
      const total = quantity * unitPrice.amount
      return [sku, total + (pricesIncludeTax ? 0 : taxOf(total, rate, false))]
    }),
  )
}

/** M4: what is wrong with the sums of an order that was just placed. @param summary as its events have it */
export const brokenTotals = (summary: Json): string | undefined => {
  const { lines, shippingMethod, shippingAddress, pricesIncludeTax } = summary
  const rate = taxRates[shippingAddress.country]
  const [first, further] = carriage[shippingAddress.country]?.[shippingMethod.id] ?? []
  if (rate === undefined || first === undefined || further === undefined)
    return `nobody can send by ${shippingMethod.id} to ${shippingAddress.country}`
  for (const { sku, unitPrice } of lines)
    if (!wasSoldAt(sku, unitPrice.amount)) return `${sku} was never sold at ${unitPrice.amount}`
  const totals: number[] = lines.map(({ quantity, unitPrice }: Json) => quantity * unitPrice.amount)
  const grams = sum(lines.map(({ sku, quantity }: Json) => quantity * (soldAs(sku)?.grams ?? 0)))
  const shipping = first + further * Math.max(0, Math.ceil((grams - 5_000) / 1_000))
  const tax = sum([...totals, shipping].map((amount) => taxOf(amount, rate, pricesIncludeTax)))
  const expected = {
    subtotal: sum(totals),
    shipping,
    tax,
    total: sum(totals) + shipping + (pricesIncludeTax ? 0 : tax),
  }
  const wrong = Object.entries(expected).find(([part, amount]) => summary[part].amount !== amount)
  return wrong && `its ${wrong[0]} is ${summary[wrong[0]].amount}, and should be ${wrong[1]}`
}

type ReturnLine = { sku: string; quantity: number }

/**
 * M5: what is wrong with what an order's returns are worth: of what a line cost with its tax the share of its units, to the cent
 * below; and all units of all lines together what all lines cost.
 */
export const brokenReturns = (summary: Json, returns: readonly Json[]): string | undefined => {
  const paid = paidForLines(summary)
  const bought = new Map<string, number>(summary.lines.map(({ sku, quantity }: Json) => [sku, quantity]))
  const back = new Map<string, number>()
  for (const { id, lines, refund } of returns) {
    const shares = (lines as ReturnLine[]).map(
      ({ sku, quantity }) => ((paid.get(sku) ?? 0) * quantity) / (bought.get(sku) ?? 1),
    )
    for (const { sku, quantity } of lines as ReturnLine[]) back.set(sku, (back.get(sku) ?? 0) + quantity)
    if (Math.abs(refund.amount - sum(shares)) >= shares.length)
      return `${id} is worth ${sum(shares)} minor units, and ${refund.amount} were promised`
  }
  const tooMany = [...back].find(([sku, quantity]) => quantity > (bought.get(sku) ?? 0))
  if (tooMany) return `${tooMany[1]} of ${tooMany[0]} come back, and ${bought.get(tooMany[0]) ?? 0} were bought`
  const isWhole = [...bought].every(([sku, quantity]) => back.get(sku) === quantity)
  const [promised, whole] = [sum(returns.map(({ refund }) => refund.amount)), sum([...paid.values()])]
  return isWhole && promised !== whole ? `all came back for ${promised} of ${whole} minor units` : undefined
}
