/** Notifies a shopper of something once: on their list of messages, and by mail where there is an address. */
import { erasedUserId } from '../../shared/domain/erased-user.ts'
import { now } from '../../shared/runtime/clock.ts'
import { count, logger } from '../../shared/runtime/observability.ts'
import { currentTrace } from '../../shared/runtime/trace.ts'
import { metrics } from './contract.ts'
import { rawMail, type SendMail } from './mail/mail.ts'
import type { Message } from './mail/messages.ts'
import { idOf, type NotificationsTable, type Topic } from './table.ts'

export type NotifyParts = {
  notifications: NotificationsTable
  send: SendMail
  shop: { name: string; mailFrom: string }
}

/** Without an address, or without knowing whom, there is no mail. */
export type Recipient = { customerId: string; email?: string | undefined }

/**
 * Looks, mails, writes: a crash in between leads to a second mail with the same Message-ID, never to none. What could not be
 * mailed stands on the list all the same, and is mailed when it comes again; what is one mail too many for its address, or of its
 * shopper, stands on the list alone. A person who was erased gets no messages any more.
 */
export const notify = async (
  { notifications, send, shop }: NotifyParts,
  topic: Topic,
  { customerId, email }: Recipient,
  message: Message,
): Promise<void> => {
  if (customerId === erasedUserId) return
  const { isErased, known } = await notifications.find(customerId, topic)
  if (isErased || known?.state === 'sent' || known?.state === 'withheld') return
  const note = (state: 'sending' | 'sent' | 'withheld') =>
    notifications.record(customerId, { ...topic, subject: message.subject }, state, known)
  if (email !== undefined && !(await notifications.takeMailPlace(email, customerId))) {
    count(metrics.mailsWithheld)
    logger.warn('a mail was withheld: too many to its address, or of its shopper', { kind: topic.kind })
    return note('withheld')
  }
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
