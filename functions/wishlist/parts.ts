/** What functions of wishlists need, each made by itself: a function's bundle holds the parts that it names, and no others. */
import { call } from '../../shared/runtime/call.ts'
import { openTable } from '../../shared/runtime/table.ts'
import * as catalog from '../published/catalog.ts'
import { wishlistTable } from './table.ts'

export const table = openTable
export const wishlists = () => wishlistTable(openTable())
export const quote = () => call(catalog.quote)
