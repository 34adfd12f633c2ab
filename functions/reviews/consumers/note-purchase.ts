import { type Call, call } from '../../../shared/runtime/call.ts'
import { type Consume, consume } from '../../../shared/runtime/consume.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { quote } from '../../catalog/procedures.ts'
import { consumers } from '../contract.ts'
import { type PurchasesTable, purchasesTable } from '../purchases-table.ts'

type Dependencies = { purchases: Pick<PurchasesTable, 'noteBought'>; quote: Call<typeof quote> }

/**
 * The catalogue is asked at once, not when the goods arrive: by then a product may have left it, and could no longer be
 * told from its SKU. One that has left it by now has no page on which it could be reviewed.
 */
export const notePurchase =
  ({ purchases, quote }: Dependencies): Consume<typeof consumers.notePurchase> =>
  async ({ data: { orderId, customerId, order } }) => {
    const { variants } = await quote({ skus: order.lines.map(({ sku }) => sku) })
    await purchases.noteBought(customerId, orderId, [...new Set(variants.map(({ productId }) => productId))])
  }

export const handler = consume(consumers.notePurchase, () =>
  notePurchase({ purchases: purchasesTable({ table: openTable() }), quote: call(quote) }),
)
