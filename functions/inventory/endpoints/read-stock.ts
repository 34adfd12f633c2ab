import { newId, now } from '../../../shared/runtime/clock.ts'
import { type Handle, notFound, serve } from '../../../shared/runtime/serve.ts'
import { setting } from '../../../shared/runtime/settings.ts'
import { stillStaff } from '../../../shared/runtime/standing.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { isStaffToken, keysOf } from '../../../shared/runtime/verify-token.ts'
import { endpoints } from '../contract.ts'
import { type InventoryTable, inventoryTable } from '../table.ts'
import { availabilityOf, levelsOf } from '../view.ts'

type Dependencies = {
  inventory: Pick<InventoryTable, 'getStock'>
  isStaff: (authorization: string | undefined) => Promise<boolean>
}

export const readStock =
  ({ inventory, isStaff }: Dependencies): Handle<typeof endpoints.readStock> =>
  async ({ params: { sku }, headers }) => {
    const [stock, staff] = await Promise.all([inventory.getStock(sku), isStaff(headers.authorization)])
    if (!stock) return notFound('stock item')
    return staff
      ? { body: levelsOf(stock), version: stock.version, headers: { 'cache-control': 'no-store' } }
      : { body: availabilityOf(stock), headers: { 'cache-control': 'no-store' } }
  }

export const handler = serve(endpoints.readStock, () => {
  const issuer = setting('TOKEN_ISSUER')
  const findKey = keysOf(issuer, now)
  const isStillStaff = stillStaff({ now })
  return readStock({
    inventory: inventoryTable({ table: openTable(), now, newId }),
    isStaff: (authorization) => isStaffToken(authorization, { issuer, findKey, now, isStillStaff }),
  })
})
