/** What functions of orders need, each made by itself: a function's bundle holds the parts that it names, and no others. */
import { call } from '../../shared/runtime/call.ts'
import { orderLimits } from '../../shared/runtime/order-limits.ts'
import { shopSettings } from '../../shared/runtime/settings.ts'
import { openTable } from '../../shared/runtime/table.ts'
import * as carts from '../published/carts.ts'
import * as catalog from '../published/catalog.ts'
import * as identity from '../published/identity.ts'
import * as inventory from '../published/inventory.ts'
import * as payments from '../published/payments.ts'
import * as shipping from '../published/shipping.ts'
import { notesTable } from './notes/table.ts'
import { guestUnitsTable } from './placing/guest-units-table.ts'
import { openOrdersTable } from './placing/open-orders-table.ts'
import { ordersTable } from './table.ts'

export const table = openTable
export const orders = () => ordersTable(openTable())
export const openOrders = () => openOrdersTable(openTable())
export const guestUnits = () => guestUnitsTable(openTable())
export const notes = () => notesTable(openTable())
export const snapshot = () => call(carts.checkoutSnapshot)
export const reprice = () => call(carts.reprice)
export const quote = () => call(catalog.quote)
export const quoteShipping = () => call(shipping.quote)
export const reserve = () => call(inventory.reserve)
export const commit = () => call(inventory.commit)
export const authorize = () => call(payments.authorize)
export const capture = () => call(payments.capture)
export const stop = () => call(shipping.stop)
export const contactOf = () => call(identity.findContact)
export const shop = shopSettings
export const limits = orderLimits
