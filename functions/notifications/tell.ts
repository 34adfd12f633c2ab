/** Tells a shopper something once: on their list of messages, and by mail where there is an address. */
import { nobody } from '../../shared/domain/nobody.ts'
import { type Now, now } from '../../shared/runtime/clock.ts'
import { setting, shopSettings } from '../../shared/runtime/settings.ts'
import { openTable } from '../../shared/runtime/table.ts'
import { currentTrace } from '../../shared/runtime/trace.ts'
import { rawMail, type SendMail, sendWithSes } from './mail.ts'
import type { Message } from './messages.ts'
import { idOf, type NotificationsTable, notificationsTable, type Topic } from './table.ts'

export type Dependencies = {
  notifications: Pick<NotificationsTable, 'find' | 'note'>
  send: SendMail
  shop: { name: string; mailFrom: string }
  now: Now
}

/** Without an address, or without knowing whom, there is no mail. */
export type Recipient = { customerId: string; email?: string | undefined }

/**
 * Looks, mails, writes: a crash in between leads to a second mail with the same Message-ID, never to none. What could not be
 * mailed stands on the list all the same, and is mailed when it comes again. Nobody is told what comes after they were erased.
 */
export const tell =
  ({ notifications, send, shop, now }: Dependencies) =>
  async (topic: Topic, { customerId, email }: Recipient, message: Message): Promise<void> => {
    if (customerId === nobody) return
    const { isErased, known } = await notifications.find(customerId, topic)
    if (isErased || known?.state === 'sent') return
    const note = (state: 'sending' | 'sent') =>
      notifications.note(customerId, { ...topic, subject: message.subject }, state, known)
    try {
      if (email !== undefined) {
        const from = { name: shop.name, address: shop.mailFrom }
        const { traceId } = currentTrace()
        await send(rawMail({ from, to: email, id: idOf(topic), dateMs: now(), traceId }, message), shop.mailFrom, email)
      }
    } catch (error) {
      await note('sending')
      throw error
    }
    await note('sent')
  }

export const tellingDependencies = (): Dependencies => ({
  notifications: notificationsTable({ table: openTable(), now }),
  send: sendWithSes,
  shop: { name: shopSettings().name, mailFrom: setting('MAIL_FROM') },
  now,
})
