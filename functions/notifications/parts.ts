/** What functions of notifications need, each made by itself: a function's bundle holds the parts that it names, and no others. */
import { call } from '../../shared/runtime/call.ts'
import { setting, shopSettings } from '../../shared/runtime/settings.ts'
import { openTable } from '../../shared/runtime/table.ts'
import * as orders from '../published/orders.ts'
import { sendWithSes } from './mail/mail.ts'
import { personTable } from './privacy/table.ts'
import { notificationsTable } from './table.ts'

export const table = openTable
export const notifications = () => notificationsTable(openTable())
export const person = () => personTable(openTable())
export const send = () => sendWithSes
export const shop = () => ({ name: shopSettings().name, mailFrom: setting('MAIL_FROM') })
export const recipientOf = () => call(orders.findRecipient)
