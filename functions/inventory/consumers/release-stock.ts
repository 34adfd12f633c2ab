import { consume } from '../../../shared/runtime/consume.ts'
import { changeOrLeave } from '../advance.ts'
import { consumers } from '../contract.ts'
import { cancelled } from '../domain.ts'
import * as parts from '../parts.ts'

export const handler = consume(
  consumers.releaseStock,
  { inventory: parts.inventory },
  function releaseStock({ data: { orderId } }, { inventory }) {
    return changeOrLeave(inventory, orderId, cancelled)
  },
)
