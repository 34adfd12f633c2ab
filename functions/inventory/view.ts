/** A stock item as the API shows it. */
import type * as z from 'zod/mini'
import type { Stock } from './contract.ts'
import type { StoredStock } from './table.ts'

export const levelsOf = ({ sku, available, onHand, reserved, version }: StoredStock): z.input<typeof Stock> => ({
  sku,
  available,
  onHand,
  reserved,
  version,
})

export const availabilityOf = ({ sku, available }: StoredStock): z.input<typeof Stock> => ({ sku, available })
