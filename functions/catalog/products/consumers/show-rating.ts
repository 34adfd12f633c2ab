import { consume } from '../../../../shared/runtime/consume.ts'
import { consumers } from '../../contract.ts'
import * as parts from '../../parts.ts'

export const handler = consume(
  consumers.showRating,
  { catalog: parts.catalog },
  function showRating({ sequence, data: { productId, count, sum } }, { catalog }) {
    return catalog.showRating(productId, { count, sum, sequence })
  },
)
