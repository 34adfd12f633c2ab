/**
 * What a payment provider says of itself: a plain record, read by the contract of payments, the stacks, the erasure and the
 * documentation. It imports nothing that runs; what it does stands in its folder's `adapter.ts` (see port.ts).
 */
import type * as z from 'zod/mini'
import type { ObjectSchema, TaskDeclaration } from '../../../shared/contract/endpoint.ts'

export type PaymentProviderDeclaration = {
  /** As its folder and the stage's setting call it; it also tells its reports from those of others. */
  name: string
  /** false: orders are paid without any money; a shop that is open to everybody would give its goods away. */
  takesMoney: boolean
  /** How an order can be paid with it. No other provider's methods may look like these. */
  method: z.ZodMiniType<string, string>
  /** What its methods are, for people: it follows "A payment method: ". */
  methodText: string
  methodExample: string
  /** What stays of a method when its payer is erased. */
  redactMethod(method: string): string
  /** What the shop's page says when the payer has come back from confirming. */
  confirmation: ObjectSchema
  /** What comes of a confirmation, for people. */
  confirmationText: string
  /** What is agreed on with the provider and kept in Secrets Manager: each with a line for whoever puts it there. */
  secrets: {
    /** To call it with. */
    key?: string
    /** It signs its reports with this. */
    reports?: string
  }
  /** Work that it puts aside for later, in `tasks/` of its folder. */
  tasks: Readonly<Record<string, TaskDeclaration>>
}

export const paymentProvider = <const P extends PaymentProviderDeclaration>(declaration: P): P => declaration
