/** What the bank of the tests does, behind the provider's port. */
import { createHmac } from 'node:crypto'
import * as z from 'zod/mini'
import type { CreateProvider, CreateReader, Decision } from '../../../../../functions/payments/providers/port.ts'
import { parseRawBody } from '../../../../../shared/runtime/raw-body.ts'
import { type Account, accountsAtBank } from './account.ts'
import { provider } from './provider.ts'

/** Any other number is wrong, and the payer may try again. */
export const rightNumber = '314159'

const decisionOf = ({ state }: Account): Decision => {
  switch (state) {
    case 'asked':
      return { status: 'action-required' }
    case 'new':
    case 'waiting':
      return { status: 'pending' }
    case 'refused':
      return { status: 'declined', declineCode: 'account_refused' }
    case 'ended':
      return { status: 'voided' }
    case 'set-aside':
    case 'taken':
      return { status: 'authorized' }
  }
}

const firstStates: ReadonlyMap<string, Account['state']> = new Map([
  ['giro_refused', 'refused'],
  ['giro_number', 'asked'],
  ['giro_slow', 'waiting'],
])

export const create: CreateProvider = ({ table }) => {
  const accounts = accountsAtBank(table)
  return {
    async authorize({ key, orderId, method, amount }) {
      const state = z.safeParse(provider.method, method).success ? (firstStates.get(method) ?? 'set-aside') : 'refused'
      return decisionOf(await accounts.step(orderId, key, () => ({ state, amountMinor: amount.amount })))
    },
    async confirm({ key, orderId, answer }) {
      const { transactionNumber } = provider.confirmation.parse(answer)
      const isRight = transactionNumber === rightNumber
      if (!isRight) return decisionOf(await accounts.get(orderId))
      return decisionOf(
        await accounts.step(orderId, key, ({ state }) => (state === 'asked' ? { state: 'set-aside' } : {})),
      )
    },
    confirmationSecret: async () => undefined,
    async capture({ key, orderId, amount }) {
      await accounts.step(orderId, key, ({ state }) => {
        if (state !== 'set-aside') throw new Error(`nothing is set aside: ${state}`)
        return { state: 'taken', takenMinor: amount.amount }
      })
    },
    async void({ key, orderId }) {
      await accounts.step(orderId, key, ({ state }) => {
        if (state === 'taken') throw new Error('it was taken already')
        return { state: 'ended' }
      })
    },
    async refund({ key, orderId, amount }) {
      await accounts.step(orderId, key, ({ takenMinor, returnedMinor }) => {
        if (returnedMinor + amount.amount > takenMinor) throw new Error('more than was taken')
        return { returnedMinor: returnedMinor + amount.amount }
      })
    },
  }
}

const Notice = z.strictObject({
  notice: z.string(),
  about: z.enum(['authorization', 'returned-refund', 'newsletter']),
  orderId: z.string(),
})

export const signatureOf = (secret: string, body: string): string =>
  createHmac('sha256', secret).update(body).digest('hex')

/** A notice says that something has changed, and not what: the bank is asked. */
export const createReader: CreateReader = ({ table, secrets }) => {
  const accounts = accountsAtBank(table)
  return async ({ headers, body }) => {
    const signatures = (await secrets()).map((secret) => signatureOf(secret, body))
    if (!signatures.includes(headers['giro-signature'] ?? '')) return { type: 'unsigned' }
    const notice = parseRawBody(Notice, body)
    if (!notice) return { type: 'malformed' }
    const { notice: id, about, orderId } = notice
    if (about === 'newsletter') return { type: 'irrelevant' }
    if (about === 'returned-refund') return { type: 'refund-failed', id }
    return { type: 'decision', id, orderId, decide: async () => decisionOf(await accounts.get(orderId)) }
  }
}
