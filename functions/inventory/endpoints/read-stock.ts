import { notFound, serve } from '../../../shared/runtime/serve.ts'
import { endpoints } from '../contract.ts'
import * as parts from '../parts.ts'
import { availabilityOf, levelsOf } from '../view.ts'

export const handler = serve(
  endpoints.readStock,
  { inventory: parts.inventory, isStaff: parts.isStaff },
  async function readStock({ params: { sku }, headers }, { inventory, isStaff }) {
    const [stock, staff] = await Promise.all([inventory.getStock(sku), isStaff(headers.authorization)])
    if (!stock) return notFound('stock item')
    return staff
      ? { body: levelsOf(stock), version: stock.version, headers: { 'cache-control': 'no-store' } }
      : { body: availabilityOf(stock), headers: { 'cache-control': 'no-store' } }
  },
)
