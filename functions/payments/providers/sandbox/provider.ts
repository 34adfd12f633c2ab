/** The built-in provider: needs no account, takes no money, and does as its methods' names say. */
import * as z from 'zod/mini'
import { task } from '../../../../shared/contract/endpoint.ts'
import { Id } from '../../../../shared/contract/schema.ts'
import { paymentProvider } from '../declaration.ts'

export const provider = paymentProvider({
  name: 'sandbox',
  takesMoney: false,
  method: z.enum([
    'sandbox_ok',
    'sandbox_declined',
    'sandbox_insufficient_funds',
    'sandbox_action_required',
    'sandbox_slow',
    'sandbox_flaky',
  ]),
  methodText: 'one of the built-in sandbox',
  methodExample: 'sandbox_ok',
  redactMethod: (method) => method,
  confirmation: z.strictObject({ outcome: z.enum(['success', 'failure']) }),
  confirmationText: 'the sandbox lets the caller choose the outcome',
  secrets: { reports: "Signs the payment provider's events" },
  tasks: {
    sendSandboxEvent: task({
      summary: 'Be the sandbox provider: decide a slow authorization and report it by signed event',
      delaySeconds: 5,
      message: z.strictObject({ orderId: Id('ord') }),
      table: ['GetItem', 'PutItem'],
      uses: ['provider-secret', 'public-api'],
    }),
  },
})
