/** Shoppers who go on using their cart while its order is under way, and at the very moment at which it is emptied. */

import type { Caller, Http } from '../../cloud/http.ts'
import type { RunContext } from '../../world/run-context.ts'
import { moment, skus } from '../fixtures.ts'
import type { Ordering } from './ordering.ts'

/** Looks at an order, a fifth of a second apart. */
const maxLooks = 25

export const createCartUser = (run: RunContext, http: Http, { look }: Pick<Ordering, 'look'>) => {
  const untilDecided = async (me: Caller, name: string, orderId: string): Promise<void> => {
    for (let tries = 1; tries <= maxLooks; tries += 1) {
      const order = await look(me, `${name} waits ${tries}`, orderId)
      if (order && !['placed', 'awaiting-payment'].includes(order.status)) return
      await run.sleep(200)
    }
  }

  return async (me: Caller, name: string, cartId: string, orderId: string): Promise<void> => {
    if (run.chance(`${name} waits for the decision`) < 0.6) await untilDecided(me, name, orderId)
    else await run.sleep(run.pick(`${name} puts more after`, moment))
    const times = run.pick(`${name} puts more so often`, [1, 2, 6, 12])
    for (let time = 1; time <= times; time += 1) {
      const sku = run.pick(`${name} puts more ${time}`, skus)
      await http.ask('carts/set-line', `${name} puts more ${sku} ${time}`, {
        caller: me,
        params: { cartId, sku },
        body: { quantity: run.pick(`${name} puts more of it ${time}`, [1, 2, 4]) },
      })
      await run.sleep(run.pick(`${name} thinks ${time}`, [0, 20, 100]))
    }
  }
}
