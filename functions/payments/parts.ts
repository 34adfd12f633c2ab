/** What functions of payments need, each made by itself: a function's bundle holds the parts that it names, and no others. */
import { call } from '../../shared/runtime/call.ts'
import { secretsFrom } from '../../shared/runtime/secret.ts'
import { setting } from '../../shared/runtime/settings.ts'
import { openTable } from '../../shared/runtime/table.ts'
import { defer } from '../../shared/runtime/task.ts'
import * as orders from '../published/orders.ts'
import { create, createReader } from './providers/chosen/adapter.ts'
import { paymentsTable } from './table.ts'

export const table = openTable
export const payments = () => paymentsTable(openTable())
export const provider = () => create({ table: openTable() })
/** For functions that may ask for an authorization: the provider may put work aside for later. */
export const deferringProvider = () => create({ table: openTable(), defer })
export const readReport = () =>
  createReader({ table: openTable(), secrets: secretsFrom(setting('PROVIDER_SECRET_ARN')) })
export const paidParts = () => call(orders.paidParts)
