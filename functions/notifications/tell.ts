/** Tells a shopper something once: on their list of messages, and by mail where there is an address. */
import { type Now, now } from '../../shared/runtime/clock.ts'
import { setting, shopSettings } from '../../shared/runtime/settings.ts'
import { openTable } from '../../shared/runtime/table.ts'
import { currentTrace } from '../../shared/runtime/trace.ts'
import { rawMail, type SendMail, sendWithSes } from './mail.ts'
import type { Message } from './messages.ts'
import { type NotificationsTable, notificationsTable, type Recipient, type Topic } from './table.ts'

export type Dependencies = {
  notifications: Pick<NotificationsTable, 'getRecipient' | 'keepRecipient' | 'isErased' | 'begin' | 'markSent'>
  send: SendMail
  shop: { name: string; mailFrom: string }
  now: Now
}

export const tell =
  ({ notifications, send, shop, now }: Dependencies) =>
  async (topic: Topic, recipient: Recipient, message: Message): Promise<void> => {
    const begun = await notifications.begin(recipient.customerId, { ...topic, subject: message.subject })
    if (begun.state === 'sent') return
    if (recipient.email !== undefined) {
      const from = { name: shop.name, address: shop.mailFrom }
      const raw = rawMail(
        { from, to: recipient.email, id: begun.id, dateMs: now(), traceId: currentTrace().traceId },
        message,
      )
      await send(raw, shop.mailFrom, recipient.email)
    }
    await notifications.markSent(topic)
  }

export const tellingDependencies = (): Dependencies => ({
  notifications: notificationsTable({ table: openTable(), now }),
  send: sendWithSes,
  shop: { name: shopSettings().name, mailFrom: setting('MAIL_FROM') },
  now,
})
