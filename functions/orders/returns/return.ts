import type * as z from 'zod/mini'
import type { Money } from '../../../shared/domain/money.ts'
import type { ReturnStatus } from './contract.ts'

export type ReturnLine = { sku: string; quantity: number }

/** Stands in its order, so that one condition bounds all of an order's returns. Each SKU once. */
export type Return = {
  id: string
  /** `withdrawn`: the goods are not sent back after all; `closed`: they never came. Both free the units for another return. */
  status: z.infer<typeof ReturnStatus>
  /** Once it is received: what arrived. */
  lines: readonly ReturnLine[]
  /** What was to come, where something else arrived. */
  announced?: readonly ReturnLine[] | undefined
  /** Until it is received: what it will come to, if the returns before it arrive first. */
  refund: Money
  reason?: string | undefined
  requestedAt: string
  receivedAt?: string | undefined
  /** When it was withdrawn or closed. */
  endedAt?: string | undefined
  /** The staff who requested, received, withdrew or closed it, whichever was last; absent where it was the customer. */
  by?: string | undefined
  /** Its own, not the order's: 1 when requested; grows when it is received or over, and when its refund changes. */
  version: number
}
