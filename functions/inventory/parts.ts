/** What functions of the inventory need, each made by itself: a function's bundle holds the parts that it names, and no others. */
import { call } from '../../shared/runtime/call.ts'
import { setting } from '../../shared/runtime/settings.ts'
import { stillStaff } from '../../shared/runtime/staff-check.ts'
import { openTable } from '../../shared/runtime/table.ts'
import { isStaffToken, keysOf } from '../../shared/runtime/verify-token.ts'
import * as catalog from '../published/catalog.ts'
import * as orders from '../published/orders.ts'
import { inventoryTable } from './table.ts'

export const table = openTable
export const inventory = () => inventoryTable(openTable())
export const quote = () => call(catalog.quote)
export const settleExpired = () => call(orders.settleExpired)

/** Whether a header holds the token of someone who is staff. */
export const isStaff = () => {
  const issuer = setting('TOKEN_ISSUER')
  const trust = { issuer, findKey: keysOf(issuer), isStillStaff: stillStaff() }
  return (authorization: string | undefined): Promise<boolean> => isStaffToken(authorization, trust)
}
