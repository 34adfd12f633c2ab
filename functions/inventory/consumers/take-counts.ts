import { slicesOf } from '../../../shared/domain/slices.ts'
import { consume } from '../../../shared/runtime/consume.ts'
import { retryOnConflict } from '../../../shared/runtime/retry-on-conflict.ts'
import { consumers } from '../contract.ts'
import * as parts from '../parts.ts'
import type { InventoryTable } from '../table.ts'

/** Stock items of one batch read, and counts on their way at the same time. */
const [atOnce, workers] = [100, 10]

const availableOf = async (inventory: InventoryTable, skus: readonly string[]): Promise<Map<string, number>> => {
  const levels = await inventory.getLevels(skus.map((sku) => ({ sku, quantity: 0 })))
  return new Map(levels.map(({ sku, available }) => [sku, available]))
}

/**
 * What a file says is what can be bought, as the shop that wrote it would sell it: units that are reserved here are on hand
 * besides. The history entry is named after the event, so that a count that is delivered again has no effect when sales have gone
 * on since. Events of variants may be on their way still: a stock item that is not there is made here.
 */
export const handler = consume(
  consumers.takeCounts,
  { inventory: parts.inventory },
  async function takeCounts({ id, time, data: { importId, levels } }, { inventory }) {
    const counted = [...new Map(levels.map(({ sku, quantity }) => [sku, quantity]))]
    const entry = { id: id.replace(/^evt_/, 'mov_'), at: time, reason: `Counted by ${importId}` }
    const take = (sku: string, quantity: number, known: number | undefined): Promise<'counted' | 'done'> => {
      let seen = known
      return retryOnConflict(async () => {
        if (seen === undefined) await inventory.openStockItem(sku)
        const outcome = await inventory.count({ sku, quantity, seen: seen ?? 0 }, entry)
        if (outcome !== 'raced') return outcome
        seen = (await availableOf(inventory, [sku])).get(sku)
        return undefined
      })
    }
    for (const part of slicesOf(counted, atOnce)) {
      const known = await availableOf(
        inventory,
        part.map(([sku]) => sku),
      )
      const waiting = part.toReversed()
      const work = async (): Promise<void> => {
        for (let next = waiting.pop(); next; next = waiting.pop()) {
          const [sku, quantity] = next
          await take(sku, quantity, known.get(sku))
        }
      }
      await Promise.all(Array.from({ length: workers }, work))
    }
  },
)
