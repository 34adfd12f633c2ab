import { consume } from '../../../shared/runtime/consume.ts'
import { consumers } from '../contract.ts'
import { returnChunks } from '../domain.ts'
import * as parts from '../parts.ts'

/** Tries every chunk as if it were new: those that are booked in already are refused by their marks. */
export const handler = consume(
  consumers.restockReturn,
  { inventory: parts.inventory },
  async function restockReturn({ data: { orderId, returnId, lines } }, { inventory }) {
    for (const [chunk, part] of returnChunks(lines).entries()) {
      const outcome = await inventory.restock({ orderId, returnId, chunk }, part)
      if (outcome === 'unknown') throw new Error(`goods of ${orderId} came back that the house keeps no stock of`)
    }
  },
)
