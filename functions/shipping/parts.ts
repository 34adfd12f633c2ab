/** What functions of shipping need, each made by itself: a function's bundle holds the parts that it names, and no others. */
import { call } from '../../shared/runtime/call.ts'
import { secretsFrom } from '../../shared/runtime/secret.ts'
import { setting, shopSettings } from '../../shared/runtime/settings.ts'
import { openTable } from '../../shared/runtime/table.ts'
import * as carts from '../published/carts.ts'
import * as catalog from '../published/catalog.ts'
import * as orders from '../published/orders.ts'
import { shipmentsTable } from './table.ts'

export const table = openTable
export const shipments = () => shipmentsTable(openTable())
export const snapshot = () => call(carts.checkoutSnapshot)
export const quote = () => call(catalog.quote)
export const status = () => call(orders.orderStatus)
export const carrierSecrets = () => secretsFrom(setting('CARRIER_SECRET_ARN'))
export const currency = () => shopSettings().currency
