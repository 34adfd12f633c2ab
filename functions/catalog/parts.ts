/** What functions of the catalogue need, each made by itself: a function's bundle holds the parts that it names, and no others. */
import { shopSettings } from '../../shared/runtime/settings.ts'
import { openTable } from '../../shared/runtime/table.ts'
import { skuOwners } from './availability/sku-owners.ts'
import { availabilityTable } from './availability/table.ts'
import { staffTokens } from './products/staff.ts'
import { catalogTable } from './products/table.ts'

export const table = openTable
export const catalog = () => catalogTable(openTable())
export const availability = () => availabilityTable(openTable())
export const owners = () => skuOwners(catalogTable(openTable()))
export const isStaff = () => staffTokens()
export const currency = () => shopSettings().currency
