/**
 * Deliberate bugs, each a small change of source texts on their way into the process. A machine that does not find them
 * proves nothing by finding nothing. Each is a mistake that was made in some shop, or nearly in this one.
 */
import { eventsSabotages } from './sabotages/events.ts'
import { ordersSabotages } from './sabotages/orders.ts'
import { paymentsSabotages } from './sabotages/payments.ts'
import { peopleSabotages } from './sabotages/people.ts'
import type { Sabotage } from './sabotages/sabotage.ts'
import { searchSabotages } from './sabotages/search.ts'
import { stockSabotages } from './sabotages/stock.ts'

export type { Sabotage }

export const sabotages: readonly Sabotage[] = [
  ...stockSabotages,
  ...ordersSabotages,
  ...paymentsSabotages,
  ...eventsSabotages,
  ...peopleSabotages,
  ...searchSabotages,
]
