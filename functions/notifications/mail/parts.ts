/** What functions need that send mail. Apart from the others, whose bundles would hold the client of SES too. */
import { setting, shopSettings } from '../../../shared/runtime/settings.ts'
import { sendWithSes } from './mail.ts'

export const send = () => sendWithSes
export const shop = () => ({ name: shopSettings().name, mailFrom: setting('MAIL_FROM') })
