import { consume } from '../../../../shared/runtime/consume.ts'
import { consumers } from '../../contract.ts'
import * as parts from '../../parts.ts'

/**
 * A SKU that another product has taken over is asked for again. A stock item of a variant that the catalogue does not have
 * cannot be shown, and needs not be.
 */
export const handler = consume(
  consumers.showAvailability,
  { owners: parts.owners, availability: parts.availability },
  async function showAvailability({ sequence, data: { sku, available } }, { owners, availability }) {
    const productId = await owners.find(sku)
    if (productId === undefined) return
    const news = { available, sequence }
    if ((await availability.show({ productId, sku }, news)) === 'shown') return
    owners.forget(sku)
    const owner = await owners.find(sku)
    if (owner !== undefined) await availability.show({ productId: owner, sku }, news)
  },
)
