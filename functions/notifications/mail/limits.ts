/** Whom the shop may mail how often, and what it does not mail at all. Pure. */
import type { CancellationReason } from '../../published/orders.ts'

/**
 * Mails of one hour. To one address, since a shopper may name any; and of the orders of one shopper, who may name many.
 * What is beyond stands on the shopper's list all the same.
 */
export const mailLimits = { recipient: 10, shopper: 20 } as const
export type Counted = keyof typeof mailLimits

const hourMs = 60 * 60_000

/** The hour that a mail is counted in, since the epoch. */
export const hourOf = (atMs: number): number => Math.floor(atMs / hourMs)

/** When an hour's count is of no use any more: seconds since the epoch. */
export const forgottenAt = (hour: number): number => ((hour + 2) * hourMs) / 1000

/** So soon after placing an order the shopper is still there, and reads the answer. */
const atOnceMs = 60_000

/**
 * Whether the answer to the order alone says that it was cancelled. An order that is refused at once costs nothing: anybody
 * could have the shop mail anybody by it.
 */
export const isAnsweredAtOnce = (
  reason: CancellationReason,
  placedAt: string | undefined,
  cancelledAt: string,
): boolean =>
  (reason === 'declined' || reason === 'out-of-stock') &&
  placedAt !== undefined &&
  Date.parse(cancelledAt) - Date.parse(placedAt) < atOnceMs
