/** Stripe, by PaymentIntents that are captured by hand. What it needs is told in README.md. */
import * as z from 'zod/mini'
import { paymentProvider } from '../declaration.ts'

export const methodPrefix = 'pm_'

export const provider = paymentProvider({
  name: 'stripe',
  takesMoney: true,
  /** Its page script makes them, and sends card data past the shop. */
  method: z
    .string()
    .check(
      z.maxLength(100),
      z.regex(/^pm_[A-Za-z0-9_]+$/, "Must be the id of a payment method of Stripe's, such as pm_card_visa."),
    ),
  methodText: 'the id of one of Stripe’s',
  methodExample: 'pm_card_visa',
  /** What it keeps of someone's card, by its id there, is theirs. */
  redactMethod: () => `${methodPrefix}erased`,
  confirmation: z.strictObject({}),
  confirmationText: 'Stripe is asked what the payer did',
  secrets: { key: "Stripe's secret key", reports: "Signs the payment provider's events" },
  tasks: {},
})
