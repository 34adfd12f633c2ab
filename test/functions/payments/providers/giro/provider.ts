/** A provider that no shop has: payers confirm transfers with a number that their bank gave them. It shows that one fits in. */
import * as z from 'zod/mini'
import { paymentProvider } from '../../../../../functions/payments/providers/declaration.ts'

export const provider = paymentProvider({
  name: 'giro',
  takesMoney: true,
  method: z.string().check(z.regex(/^giro_(\w{2,30})$/)),
  methodText: 'an account for giro transfers',
  methodExample: 'giro_account',
  redactMethod: () => 'giro_erased',
  confirmation: z.strictObject({ transactionNumber: z.string().check(z.maxLength(10)) }),
  confirmationText: 'the bank checks the number',
  secrets: { reports: 'The bank signs its notices with this' },
  tasks: {},
})
