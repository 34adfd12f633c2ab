import { consume } from '../../../shared/runtime/consume.ts'
import { eraseAndReport, throughPages } from '../../../shared/runtime/erasure.ts'
import { retryOnConflict } from '../../../shared/runtime/retry-on-conflict.ts'
import { personErased } from '../../published/payments.ts'
import { consumers } from '../contract.ts'
import { withoutPerson } from '../domain.ts'
import * as parts from '../parts.ts'

const pageSize = 25

/** A payment may still need its payer's confirmation: nothing goes before the last order has come to rest. */
export const handler = consume(
  consumers.erasePerson,
  { table: parts.table, payments: parts.payments },
  async function erasePerson({ data }, { table, payments }) {
    if (!data.ordersSettled) return
    await eraseAndReport(table, personErased, data, () =>
      throughPages(
        (startKey) => payments.listOfCustomer(data.userId, pageSize, startKey),
        (key) =>
          retryOnConflict(async () => {
            const payment = await payments.get(payments.orderOf(key))
            if (payment?.customerId !== data.userId) return true
            return (await payments.save(withoutPerson(payment))) && true
          }),
      ),
    )
  },
)
