/** Amounts as Stripe counts them (https://docs.stripe.com/currencies), which is not everywhere as ISO 4217 does. */
import { type Money, minorUnitDigits } from '../../../../shared/domain/money.ts'

/** Without a minor unit in ISO 4217, but with two decimals at Stripe, of which both are to be zero. */
const twoDecimalsOfZero = new Set(['ISK', 'UGX'])

/** With a minor unit in ISO 4217 of which Stripe knows nothing. */
const withoutMinorUnit = new Set(['MGA'])

/** @returns the amount for Stripe; undefined where Stripe cannot charge exactly this */
export const stripeAmountOf = ({ amount, currency }: Money): number | undefined => {
  if (twoDecimalsOfZero.has(currency)) return amount * 100
  if (withoutMinorUnit.has(currency)) return amount % 100 === 0 ? amount / 100 : undefined
  if (minorUnitDigits(currency) === 3) return amount % 10 === 0 ? amount : undefined
  return amount
}
