/** What the bank keeps of an order: an account, and an item for each step that it was asked for, so that each is done once. */
import * as z from 'zod/mini'
import { retryOnConflict } from '../../../../../shared/runtime/retry-on-conflict.ts'
import { notThere, type Table, versionIs } from '../../../../../shared/runtime/table.ts'

const Account = z.object({
  state: z.enum(['new', 'asked', 'waiting', 'set-aside', 'refused', 'ended', 'taken']),
  amountMinor: z.int(),
  takenMinor: z.int(),
  returnedMinor: z.int(),
  version: z.int(),
})
export type Account = z.infer<typeof Account>

const fresh: Account = { state: 'new', amountMinor: 0, takenMinor: 0, returnedMinor: 0, version: 0 }

export const accountsAtBank = (table: Table) => {
  const get = async (orderId: string): Promise<Account> => {
    const item = await table.get({ pk: `giro#${orderId}`, sk: 'account' })
    return item ? Account.parse(item) : fresh
  }
  return {
    get,
    /** @returns the account after the step, also where it was done before */
    step: (orderId: string, key: string, change: (account: Account) => Partial<Account>): Promise<Account> =>
      retryOnConflict(async () => {
        const [pk, account] = [`giro#${orderId}`, await get(orderId)]
        const done = { pk, sk: `step#${key}` }
        if (await table.get(done)) return account
        const after = { ...account, ...change(account), version: account.version + 1 }
        const when = account.version === 0 ? notThere : versionIs(account.version)
        const written = await table.write([
          { put: done, when: notThere, else: 'raced' },
          { put: { pk, sk: 'account', ...after }, when, else: 'raced' },
        ])
        return written.ok ? after : undefined
      }),
  }
}
