import { consume } from '../../../../shared/runtime/consume.ts'
import { consumers } from '../../contract.ts'
import * as parts from '../../parts.ts'

/**
 * Nothing is noted of a buyer who was erased. Looking and writing are two steps: a mark that is set in between finds what was
 * written by the erasure's second pass, which comes when nothing that had looked before can still be writing.
 */
export const handler = consume(
  consumers.recordDelivery,
  { purchases: parts.purchases },
  async function recordDelivery({ data: { customerId, lines = [] } }, { purchases }) {
    const productIds = [...new Set(lines.flatMap(({ productId }) => productId ?? []))]
    if (customerId === undefined || productIds.length === 0) return
    if (!(await purchases.isErased(customerId))) await purchases.noteReceived(customerId, productIds)
  },
)
