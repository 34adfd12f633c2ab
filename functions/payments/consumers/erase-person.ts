import { newId, now } from '../../../shared/runtime/clock.ts'
import { consume } from '../../../shared/runtime/consume.ts'
import { erasePerson, onceOrdersSettled, throughPages } from '../../../shared/runtime/erasure.ts'
import { repeated } from '../../../shared/runtime/repeated.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { personErased } from '../../published/payments.ts'
import { consumers } from '../contract.ts'
import { withoutPerson } from '../domain.ts'
import { type PaymentsTable, paymentsTable } from '../table.ts'

type Dependencies = { payments: Pick<PaymentsTable, 'listOfCustomer' | 'orderOf' | 'get' | 'save'> }

const pageSize = 25

export const erasePayments =
  ({ payments }: Dependencies) =>
  (userId: string): Promise<boolean> =>
    throughPages(
      (startKey) => payments.listOfCustomer(userId, pageSize, startKey),
      (key) =>
        repeated(async () => {
          const payment = await payments.get(payments.orderOf(key))
          if (payment?.customerId !== userId) return true
          return (await payments.save(withoutPerson(payment))) && true
        }),
    )

/** A payment may still need its payer's confirmation: nothing goes before the last order has come to rest. */
export const handler = consume(consumers.erasePerson, () => {
  const table = openTable()
  const erase = erasePayments({ payments: paymentsTable({ table, now, newId }) })
  return onceOrdersSettled(erasePerson({ table, personErased, erase, now, newId }))
})
