/** What functions of carts need, each made by itself: a function's bundle holds the parts that it names, and no others. */
import { call } from '../../shared/runtime/call.ts'
import { shopSettings } from '../../shared/runtime/settings.ts'
import { openTable } from '../../shared/runtime/table.ts'
import * as catalog from '../published/catalog.ts'
import * as inventory from '../published/inventory.ts'
import { cartsTable } from './table.ts'
import { askLevels } from './view.ts'

export const table = openTable
export const carts = () => cartsTable(openTable())
export const quote = () => call(catalog.quote)
export const levelsOf = () => askLevels(call(inventory.levels))
export const currency = () => shopSettings().currency
