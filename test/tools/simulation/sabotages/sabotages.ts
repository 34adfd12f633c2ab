/**
 * Deliberate bugs, each a small change of source texts on their way into the process. A machine that does not find them
 * proves nothing by finding nothing. Each is a mistake that was made in some shop, or nearly in this one.
 */
import { eventsSabotages } from './events.ts'
import { ordersSabotages } from './orders.ts'
import { paymentsSabotages } from './payments.ts'
import { peopleSabotages } from './people.ts'
import type { Sabotage } from './sabotage.ts'
import { searchSabotages } from './search.ts'
import { stockSabotages } from './stock.ts'

export type { Sabotage }

export const sabotages: readonly Sabotage[] = [
  ...stockSabotages,
  ...ordersSabotages,
  ...paymentsSabotages,
  ...eventsSabotages,
  ...peopleSabotages,
  ...searchSabotages,
]
