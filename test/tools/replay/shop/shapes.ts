/** What the replay looks at in the shop's answers. */
import type { BodyOf, ShopRoutes } from '../../../../functions/client.ts'

type Shown = BodyOf<ShopRoutes['GET /orders/{orderId}']>
type Paid = BodyOf<ShopRoutes['GET /orders/{orderId}/payment']>
type Entry = BodyOf<ShopRoutes['GET /orders/{orderId}/payment/ledger']>['data'][number]

export type Order = Pick<
  Shown,
  'id' | 'status' | 'reason' | 'subtotal' | 'discount' | 'shipping' | 'tax' | 'total' | 'pricesIncludeTax'
> & { lines: readonly Pick<Shown['lines'][number], 'sku' | 'quantity' | 'unitPrice' | 'total' | 'tax'>[] }

export type Payment = Pick<Paid, 'status' | 'authorized' | 'captured' | 'refunded'>

export type Ledger = { data: readonly Pick<Entry, 'account' | 'amount' | 'currency'>[] }

/** What staff see of a SKU's stock. */
export type Stock = { sku: string; onHand: number; reserved: number; available: number }

/** @throws Error where it is a shopper who asks */
export const levelsOf = ({ sku, onHand, reserved, available }: BodyOf<ShopRoutes['GET /stock/{sku}']>): Stock => {
  if (onHand === undefined || reserved === undefined) throw new Error(`the stock of ${sku} was not shown as to staff`)
  return { sku, onHand, reserved, available }
}
