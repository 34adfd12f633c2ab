/** A cart as the API shows it. */
import type * as z from 'zod/mini'
import { timesMoney } from '../../shared/domain/money.ts'
import { isoTime } from '../../shared/runtime/clock.ts'
import type { Cart as CartSchema } from './contract.ts'
import { type Cart, subtotalOf } from './domain.ts'

export const viewOf = (cart: Cart): z.input<typeof CartSchema> => ({
  id: cart.id,
  lines: cart.lines.map((line) => ({ ...line, total: timesMoney(line.unitPrice, line.quantity) })),
  subtotal: subtotalOf(cart),
  currency: cart.currency,
  version: cart.version,
  expiresAt: isoTime(cart.expiresAt * 1000),
})

export const answerOf = (cart: Cart) => ({ body: viewOf(cart), version: cart.version })
