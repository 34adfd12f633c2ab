/** A cart as the API shows it. */
import type * as z from 'zod/mini'
import { timesMoney } from '../../shared/domain/money.ts'
import { type Call, withFallback } from '../../shared/runtime/call.ts'
import { isoTime } from '../../shared/runtime/clock.ts'
import { orderLimits } from '../../shared/runtime/order-limits.ts'
import type { levels } from '../published/inventory.ts'
import type { Cart as CartSchema } from './contract.ts'
import { type Cart, subtotalOf } from './domain.ts'
import { type Level, messagesOf } from './messages.ts'

/** @param known what can be bought of its variants, where that was asked and answered */
export const viewOf = (cart: Cart, known: readonly Level[] = []): z.input<typeof CartSchema> => ({
  id: cart.id,
  lines: cart.lines.map(({ rises: _, ...line }) => {
    const level = known.find(({ sku }) => sku === line.sku)
    const total = timesMoney(line.unitPrice, line.quantity)
    return { ...line, total, ...(level && { available: level.available }) }
  }),
  subtotal: subtotalOf(cart),
  currency: cart.currency,
  messages: messagesOf(cart, known, orderLimits().unitsPerLine),
  version: cart.version,
  expiresAt: isoTime(cart.expiresAt * 1000),
})

export const answerOf = (cart: Cart, known: readonly Level[] = []) => ({
  body: viewOf(cart, known),
  version: cart.version,
})

/** What can be bought of the variants at this moment; nothing is known where the inventory does not answer. */
export type AskLevels = (skus: readonly string[]) => Promise<readonly Level[]>

/** A cart can be shown without what there is of its variants, so it does not wait for an inventory that is not there. */
export const askLevels = (ask: Call<typeof levels>): AskLevels => {
  const answered = withFallback(ask, () => ({ levels: [] }))
  return async (skus) => (skus.length > 0 ? (await answered({ skus: [...skus] })).levels : [])
}

/** The cart with what can be bought of each of its lines, by one call. */
export const answerWithLevels = async (cart: Cart, levelsOf: AskLevels): Promise<ReturnType<typeof answerOf>> =>
  answerOf(cart, await levelsOf(cart.lines.map(({ sku }) => sku)))
